"""The edge: an nginx in front of the gateway's media."""
