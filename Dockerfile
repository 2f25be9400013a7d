# The web, worker and beat processes. A worker that runs models is another image on a GPU host.
FROM python:3.11-slim-bookworm AS pins
WORKDIR /srv/studio
COPY requirements/uv.txt requirements/base.txt requirements/
COPY scripts/environment.py scripts/
RUN python scripts/environment.py create .venv \
 && python scripts/environment.py install .venv requirements/base.txt \
 && rm .venv/bin/uv .venv/bin/uvx

FROM python:3.11-slim-bookworm
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
