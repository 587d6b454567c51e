#!/usr/bin/env bash
# Assemble the Space, install it in a fresh environment as the Space would, start it, and train on it: make space
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-build/space}
python=$(pwd)/.venv/bin/python
"$python" -m deploy.space "$folder"
echo "assembled: $(du -sh "$folder" | cut -f1) in $(find "$folder" -type f | wc -l) files"

environment=$(mktemp -d)
trap 'kill $page 2> /dev/null || true; rm -rf "$environment"' EXIT
python3 -m venv "$environment/venv"
if command -v uv > /dev/null; then
  uv pip install --quiet --python "$environment/venv/bin/python" -r "$folder/requirements.txt"
else
  "$environment/venv/bin/python" -m pip install --quiet -r "$folder/requirements.txt"
fi

began=$(date +%s)
(cd "$folder" && SPACE_ID=somebody/resnet-explorer HOME="$environment" GRADIO_SERVER_NAME=127.0.0.1 \
  GRADIO_SERVER_PORT=7872 exec "$environment/venv/bin/python" app.py) > "$environment/log" 2>&1 &
page=$!
until "$python" -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7872/healthz')" 2> /dev/null; do
  sleep 0.5
  kill -0 $page 2> /dev/null || { cat "$environment/log"; exit 1; }
done
echo "healthy after $(($(date +%s) - began)) s"
"$python" -m tests.fixtures.use_page http://127.0.0.1:7872/
kill -TERM $page && wait $page
echo "ended with code 0"
