#!/usr/bin/env bash
# Makes `.venv` hold exactly what requirements.lock names, every file checked against its hash, and the project itself, editable.
#
# Uses the `uv` on the path. Where there is none it puts one into `.run/uv`; nothing outside the checkout but uv's cache is touched.
# PYTHON chooses the interpreter (default: the first python3 on the path; 3.11 or newer).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export HOME=${HOME:-$PWD/.run/home} PIP_ROOT_USER_ACTION=ignore
readonly python=${PYTHON:-python3}

fail() {
  echo "setup: $*" >&2
  exit 1
}

command -v "$python" >/dev/null || fail "there is no '$python'; install Python 3.11 or newer, or name it with PYTHON=..."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "'$python' is older than 3.11; name a newer one with PYTHON=..."

own_uv() {
  if [[ ! -x .run/uv/bin/uv ]]; then
    echo "setup: there is no uv on the path; putting one into .run/uv" >&2
    rm -rf .run/uv
    if "$python" -m pip --version >/dev/null 2>&1; then
      "$python" -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --target .run/uv uv >&2
    elif "$python" -m venv .run/uv >/dev/null 2>&1; then
      .run/uv/bin/python -m pip install --quiet --disable-pip-version-check uv >&2
    else
      fail "'$python' has neither pip nor venv; install them (Debian: python3-pip or python3-venv), or install uv"
    fi
  fi
  echo .run/uv/bin/uv
}

usable_uv() {
  uv --version >/dev/null 2>&1
}

if usable_uv; then uv=uv; else uv=$(own_uv); fi

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  rm -rf .venv
  "$uv" venv --quiet --no-project --python "$("$python" -c 'import sys; print(sys.executable)')" .venv
fi
export VIRTUAL_ENV=$PWD/.venv
"$uv" pip sync --quiet --require-hashes requirements.lock
"$uv" pip install --quiet --no-deps --no-build-isolation --editable .
touch .venv/ready
echo "setup: .venv is ready"
