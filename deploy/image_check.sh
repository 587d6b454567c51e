#!/usr/bin/env bash
# Build the Dockerfile as it is, run the image as a stranger would not dare to, and use the page in it: make image-check
#
# Needs root, and Debian's buildah, podman, runc and debootstrap. Where the base image can be fetched, name it in
# PYTHON_IMAGE; otherwise a Debian made by debootstrap stands in for it, and TORCH= takes torch as PyPI has it.
set -euo pipefail
cd "$(dirname "$0")/.."

work=${IMAGE_CHECK_FOLDER:-$(mktemp -d)}
mkdir -p "$work"
store="--root $work/store --runroot $work/run --storage-driver ${STORAGE:-overlay}"
base=${PYTHON_IMAGE:-}
# an image that was built before is taken as it is
built=${BUILT:-}
torch=${TORCH-}
certificates=/etc/ssl/certs/ca-certificates.crt

if [ -z "$built$base" ]; then
  base=localhost/debian-python
  [ -d "$work/base/usr" ] || debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv,tzdata \
    bookworm "$work/base" > "$work/debootstrap.log"
  ln -sf /usr/bin/python3 "$work/base/usr/local/bin/python"
  rm -f "$work"/base/usr/lib/python3.11/EXTERNALLY-MANAGED
  cp "$certificates" "$work/base$certificates"
  cp /etc/apt/sources.list "$work/base/etc/apt/" 2> /dev/null || true
  cp /etc/apt/sources.list.d/* "$work/base/etc/apt/sources.list.d/" 2> /dev/null || true
  cp /etc/apt/apt.conf.d/* "$work/base/etc/apt/apt.conf.d/" 2> /dev/null || true
  made=$(buildah $store from scratch)
  buildah $store add -q "$made" "$work/base" / > /dev/null
  buildah $store config --env SSL_CERT_FILE=$certificates --env PIP_CERT=$certificates "$made"
  buildah $store commit -q "$made" "$base" > /dev/null
  buildah $store rm "$made" > /dev/null
fi

began=$(date +%s)
[ -n "$built" ] || buildah $store bud --isolation chroot --format docker --pull-never --network host --layers \
  --build-arg PYTHON_IMAGE="$base" --build-arg TORCH="$torch" --build-arg COMMIT="$(git rev-parse HEAD)" \
  -t resnet-explorer . > "$work/build.log" 2>&1 || { tail -20 "$work/build.log"; exit 1; }
echo "built in $(($(date +%s) - began)) s; $(podman $store images --format '{{.Size}}' localhost/resnet-explorer) in all"

mkdir -p "$work/data" && chown 1000 "$work/data"
pod() { podman $store --cgroup-manager cgroupfs "$@"; }
pod rm -f page > /dev/null 2>&1 || true
pod run -d --name page --runtime runc --network host --read-only --tmpfs /tmp:rw,size=512m -v "$work/data:/data" \
  --cap-drop=all --security-opt no-new-privileges --pids-limit 512 --ulimit nofile=4096:4096 --ulimit nproc=1024:1024 -e GRADIO_SERVER_PORT=7871 \
  -e GRADIO_SERVER_NAME=127.0.0.1 -e RESNET_EXPLORER_SHARED=on resnet-explorer > /dev/null
began=$(date +%s%N)
until pod healthcheck run page > /dev/null 2>&1; do
  sleep 0.5
  [ $((($(date +%s%N) - began) / 1000000000)) -lt 120 ] || { pod logs page; exit 1; }
done
echo "healthy after $((($(date +%s%N) - began) / 1000000)) ms"
pod exec page sh -c 'id -u; touch /app/x 2>&1 | tail -1; grep -E "CapEff|NoNewPrivs" /proc/self/status; ! command -v gcc'
.venv/bin/python -m tests.fixtures.use_page http://127.0.0.1:7871/
began=$(date +%s%N)
pod stop -t 15 page > /dev/null
echo "stopped in $((($(date +%s%N) - began) / 1000000)) ms, exit code $(pod inspect page --format '{{.State.ExitCode}}')"
test "$(pod inspect page --format '{{.State.ExitCode}}')" = 0
grep -l '"interrupted"\|"finished"\|"stopped"' "$work"/data/home/runs/*/events.jsonl | wc -l
