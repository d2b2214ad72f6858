FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md ./
COPY emulator emulator
COPY fixtures fixtures
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir .

FROM python:3.13-slim
RUN useradd --system --uid 10001 emulator && install -d -o emulator /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BM_EMULATOR_HOST=0.0.0.0 \
    BM_EMULATOR_PORT=8386 \
    BM_EMULATOR_DATABASE=/data/world.db
USER emulator
VOLUME /data
EXPOSE 8386
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8386/_emulator/health', timeout=2)"]
ENTRYPOINT ["bm-emulator"]
CMD ["serve"]
