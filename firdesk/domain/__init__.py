"""What the FIR is: frozen values and pure functions; no I/O, no clock, no SQL, no Qt."""
