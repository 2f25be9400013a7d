# The web, worker and beat processes. Dockerfile.gpu is the image that runs models.
# Images are pinned by digest; docs/deploy.md says how to pin them anew.
FROM python:3.11.16-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b AS pins
WORKDIR /srv/studio
COPY requirements/uv.txt requirements/base.txt requirements/
COPY scripts/environment.py scripts/
RUN python scripts/environment.py create .venv \
 && python scripts/environment.py install .venv requirements/base.txt \
 && rm .venv/bin/uv .venv/bin/uvx

FROM python:3.11.16-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
ENV PYTHONUNBUFFERED=1 DATA_DIR=/data PATH=/srv/studio/.venv/bin:$PATH
WORKDIR /srv/studio
RUN useradd --system --home-dir /data studio && install -d -o studio -g studio -m 700 /data
COPY --from=pins /srv/studio/.venv .venv
COPY . .
USER studio
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["scripts/container"]
CMD ["web"]
