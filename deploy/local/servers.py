"""The servers of the local stack, those that take longest first."""

from deploy.local.cassandra import CASSANDRA
from deploy.local.kafka import KAFKA
from deploy.local.opensearch import OPENSEARCH
from deploy.local.registry import REGISTRY
from deploy.local.s3 import S3

SERVERS = (CASSANDRA, OPENSEARCH, KAFKA, REGISTRY, S3)
