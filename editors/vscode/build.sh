#!/bin/sh
# Makes writ.vsix: npm brings what package-lock.json names, vsce packs it.
set -eu
cd "$(dirname "$0")"
[ -f LICENSE ] || cp ../../LICENSE .
npm ci --no-audit --no-fund --ignore-scripts
npm run --silent package
