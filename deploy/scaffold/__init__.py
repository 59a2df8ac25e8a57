"""A new processor's first form: its file, test, topic and schema, listed where they belong, all checks passing."""
