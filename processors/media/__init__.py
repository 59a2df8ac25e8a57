"""The encode path as plain functions: probe, plan, encode, pictures, manifests. Knows no Kafka."""
