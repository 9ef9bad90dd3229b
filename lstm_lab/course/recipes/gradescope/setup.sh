#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: a Python, and the course's own environment.
set -euo pipefail
base="${AUTOGRADER_ROOT:-/autograder}"
export DEBIAN_FRONTEND=noninteractive

apt-get update -qq
apt-get install -y -qq --no-install-recommends ca-certificates python3 python3-venv
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    # Ubuntu 22.04 has a newer one beside its own
    apt-get install -y -qq --no-install-recommends python3.11 python3.11-venv
    python=python3.11
fi

# The same set-up that everybody uses.
cd "$base/source/course"
"$python" lab.py setup
