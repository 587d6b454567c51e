# One image for a processor or an NVIDIA GPU:
#   docker build -t resnet-explorer .                        torch for a processor
#   docker build -t resnet-explorer --build-arg TORCH=cu130 .    torch for a GPU; or cu126 ...
#   docker build -t resnet-explorer --build-arg TORCH= .         torch as PyPI has it
ARG PYTHON_IMAGE=docker.io/library/python:3.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ARG TORCH=cpu
ARG UV=0.13.8
WORKDIR /build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN python -m venv /opt/uv && /opt/uv/bin/python -m pip install --no-cache-dir "uv==${UV}"
# what changes seldom comes first: a change of the code makes none of this anew
RUN python -m venv --without-pip /opt/venv
COPY requirements.lock requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/uv \
    /opt/uv/bin/uv pip install --python /opt/venv/bin/python --require-hashes -r requirements.lock
RUN --mount=type=cache,target=/root/.cache/uv \
    grep -E '^torch(vision)?==' requirements.txt > torch.txt \
    && /opt/uv/bin/uv pip install --python /opt/venv/bin/python ${TORCH:+--torch-backend="${TORCH}"} -r torch.txt

FROM ${PYTHON_IMAGE}
ARG COMMIT=
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home user \
    && install --directory --owner=user /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY app.py LICENSE ./
COPY resnet_explorer resnet_explorer
RUN /opt/venv/bin/python -m compileall -q resnet_explorer
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860 \
    GRADIO_ANALYTICS_ENABLED=False \
    GRADIO_TEMP_DIR=/tmp/gradio \
    RESNET_EXPLORER_HOME=/data/home \
    RESNET_EXPLORER_COMMIT=${COMMIT} \
    TORCH_HOME=/data/torch \
    MALLOC_ARENA_MAX=2
USER 1000
VOLUME /data
EXPOSE 7860
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"GRADIO_SERVER_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["/usr/bin/tini", "-g", "--"]
CMD ["python", "app.py"]
