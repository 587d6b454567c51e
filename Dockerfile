FROM python:3.12-slim-bookworm
COPY --from=ghcr.io/astral-sh/uv:0.13.8 /uv /usr/local/bin/uv
RUN useradd --create-home --uid 1000 user
WORKDIR /home/user/app
COPY requirements.txt .
RUN uv venv /opt/venv && UV_COMPILE_BYTECODE=1 uv pip install --python /opt/venv/bin/python -r requirements.txt
COPY --chown=user . .
USER user
ENV PATH=/opt/venv/bin:$PATH GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860
EXPOSE 7860
CMD ["python", "app.py"]
