# Two stages: npm, the compiler and what only tests need stay out of what is deployed.
FROM node:24-bookworm-slim AS build
WORKDIR /app
# A mirror of npm's registry, where there is one: docker build --build-arg NPM_CONFIG_REGISTRY=URL
ARG NPM_CONFIG_REGISTRY
# The lock file alone first, so that a change of the sources does not install everything again. .npmrc limits which
# packages may run scripts while they are installed.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# Not by npm, whose node is the one of node_modules: the image has this one.
RUN node deploy/sbom/main.ts --with-node sbom.cdx.json
RUN npm run build

# Node's own image has npm, yarn and headers besides: some 40 MB that only a build needs.
FROM debian:bookworm-slim
ENV NODE_ENV=production
COPY --from=build /usr/local/bin/node /usr/local/bin/node
# What it is made of lies beside it, for scanners: the libraries, which are in dist/, and Node. Debian's packages tell of themselves.
COPY --from=build /app/package.json /app/LICENSE /app/sbom.cdx.json /app/
COPY --from=build /app/dist /app/dist
COPY deploy/container.yml /etc/portolan/portolan.yml

# A new named volume takes over the owner and mode of the directory that it is mounted on: portolan can write both
# without being root. The chart's directory is for Traefik too, the state is for nobody else.
RUN ln -s /app/dist/main.js /usr/local/bin/portolan \
  && groupadd --gid 1000 portolan && useradd --uid 1000 --gid portolan --no-create-home --home-dir /nonexistent portolan \
  && install -d -o portolan -g portolan -m 2750 /chart \
  && install -d -o portolan -g portolan -m 0700 /var/lib/portolan
USER portolan

# Liveness only: an absent Consul is no reason to restart, the routes are still served. Follows the default --listen.
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9532/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# The program's first line says with which flags Node starts. Each link of the array form becomes the next one, so that node is
# the container's first process: SIGTERM reaches it, and the write in hand ends well.
ENTRYPOINT ["portolan"]
CMD ["run"]
