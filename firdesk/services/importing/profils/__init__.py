"""The known exports, one module each: their columns and the other names these go by."""
