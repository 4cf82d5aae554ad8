#!/bin/sh
# The system's protoc, under the label where Bazel's proto rules look for it.
exec /usr/bin/protoc "$@"
