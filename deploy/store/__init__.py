"""What an operator does about the object store."""
