"""Spreadsheets in and out; deals in cells with addresses and does not know what a FIR is."""
