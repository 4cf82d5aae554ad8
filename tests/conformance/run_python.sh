#!/bin/sh
# Runs a script with the system's Python, whose packages tools/setup installs.
exec /usr/bin/python3 "$@"
