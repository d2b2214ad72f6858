FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md ./
COPY emulator emulator
COPY fixtures fixtures
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="bm-emulator" \
    org.opencontainers.image.description="A local emulator of Tencent Cloud's legacy (v2) bare-metal API"
RUN useradd --system --uid 900 --no-create-home --home-dir /data emulator && install -d -o emulator /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BM_EMULATOR_HOST=0.0.0.0 \
    BM_EMULATOR_PORT=8386 \
    BM_EMULATOR_DATABASE=/data/world.db \
    BM_EMULATOR_CA_DIR=/data/ca
USER 900
VOLUME /data
EXPOSE 8386
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["bm-emulator", "health"]
ENTRYPOINT ["bm-emulator"]
CMD ["serve"]
