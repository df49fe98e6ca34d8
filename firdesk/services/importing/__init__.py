"""From a finance file to the base: recognise, plan, ask, execute."""
