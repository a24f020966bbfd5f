# Two stages: the compiler and the tests' tools stay out of what is deployed.
FROM node:24-bookworm-slim AS build
WORKDIR /app
# The lock file alone first, so that a change of the sources does not install everything again. .npmrc limits which
# packages may run scripts while they are installed.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc LICENSE ./
RUN npm ci --omit=dev && npm cache clean --force
COPY --from=build /app/dist ./dist

# A new named volume takes over the owner and mode of the directory that it is mounted on: portolan can write both
# without being root. The chart's directory is for Traefik too, the state is for nobody else.
RUN install -d -o node -g node -m 2750 /chart && install -d -o node -g node -m 0700 /var/lib/portolan
USER node

# Liveness only: an absent Consul is no reason to restart, the routes are still served. Follows the default --listen.
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9532/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# The array form makes node the container's first process, so that SIGTERM reaches it and the write in hand ends well.
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/dist/main.js"]
CMD ["run"]
