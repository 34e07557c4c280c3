"""What other libraries see of us; nothing here is imported unless it is asked for."""
