# portolan on every node that runs Traefik. Nothing is shared between the nodes: each reads its local Consul agent, and
# equal catalogs give equal charts.
#
# The client of such a node needs (README.md in deploy/ makes the directories):
#   client {
#     meta { edge = "true" }
#     host_volume "traefik-dynamic" { path = "/opt/traefik/dynamic" }
#     host_volume "portolan-state"  { path = "/opt/portolan/state" }
#     host_network "loopback"       { cidr = "127.0.0.0/8" }
#   }

variable "image" {
  type        = string
  default     = "portolan:0.1.0"
  description = "image built from this repository's Dockerfile, present on the node or in your registry"
}

job "portolan" {
  type = "system"
  # Above the services that it routes: when a node is full, they give way.
  priority = 80

  constraint {
    attribute = "${meta.edge}"
    value     = "true"
  }

  group "portolan" {
    network {
      mode = "host"
      # Static, since the commands look for it there, and outside of the dynamic range. On loopback only: metrics and
      # status tell what runs where.
      port "http" {
        static       = 9532
        host_network = "loopback"
      }
    }

    # The same volume is mounted, read-only, by Traefik's job. A directory: a single file could not be replaced.
    volume "chart" {
      type   = "host"
      source = "traefik-dynamic"
    }

    # On the host, so that a new allocation starts with the last good catalog.
    volume "state" {
      type   = "host"
      source = "portolan-state"
    }

    # Never give up: without portolan the routes stay, but no longer follow.
    restart {
      attempts = 3
      interval = "1m"
      delay    = "5s"
      mode     = "delay"
    }

    # No traefik.enable tag, so portolan never routes to itself.
    service {
      name     = "portolan"
      port     = "http"
      provider = "consul"

      identity {
        aud = ["consul.io"]
        ttl = "1h"
      }

      # Liveness. /readyz also asks whether the chart is young; alert on it, but do not restart for it.
      check {
        type     = "http"
        path     = "/healthz"
        interval = "15s"
        timeout  = "3s"
      }
    }

    task "portolan" {
      driver = "docker"

      config {
        image = var.image
        # Consul's agent listens on the host's loopback.
        network_mode = "host"
        # It needs no right of root's, and writes to its two volumes only. A core dump would hold the token.
        readonly_rootfs = true
        cap_drop        = ["all"]
        security_opt    = ["no-new-privileges"]
        ulimit {
          core = "0"
        }
        args = [
          "run",
          "--consul-addr", "http://127.0.0.1:8500",
          "--output", "/chart/portolan.yml",
          "--state-dir", "/var/lib/portolan",
          "--listen", "127.0.0.1:9532",
          "--log-format", "json",
        ]
      }

      # Without containers: driver = "raw_exec" (or "exec", which also confines it), with in config
      #   command = "/usr/bin/node"
      #   args    = ["--max-semi-space-size=4", "/opt/portolan/dist/main.js", "run", …, "--output", "/opt/traefik/dynamic/portolan.yml",
      #              "--state-dir", "/opt/portolan/state", …]
      # and `user = "portolan"` in the task. raw_exec mounts nothing: delete the volume blocks and use the host's paths.

      volume_mount {
        volume      = "chart"
        destination = "/chart"
      }

      volume_mount {
        volume      = "state"
        destination = "/var/lib/portolan"
      }

      # Consul trusts the workload, so no token stands in this file: Nomad logs in with this identity when the task
      # starts and sets CONSUL_HTTP_TOKEN. It does so once. Set no maximum token life time on the auth method, or all
      # edge nodes lose their sight together.
      consul {}

      identity {
        name = "consul_default"
        aud  = ["consul.io"]
        ttl  = "1h"
      }

      # Or portolan logs in itself, with an auth method of its own, and renews its token, so that a maximum life time does
      # no harm: docs/identity.md. Then delete the consul block and the identity above, and in args replace --consul-addr
      # and its address by "--settings", "${NOMAD_TASK_DIR}/portolan.yml".
      #
      # identity {
      #   name = "portolan"
      #   aud  = ["consul.io"]
      #   file = true
      #   ttl  = "1h"
      # }
      #
      # template {
      #   destination = "local/portolan.yml"
      #   data        = <<EOF
      # consul:
      #   address: http://127.0.0.1:8500
      #   login:
      #     authMethod: portolan
      #     jwtFile: {{ env "NOMAD_SECRETS_DIR" }}/nomad_portolan.jwt
      # EOF
      # }

      # The write in hand ends before the process does.
      kill_timeout = "15s"

      resources {
        cpu = 200
        # A few thousand services with room to spare; memory_max lets a first full read be larger.
        memory     = 192
        memory_max = 384
      }
    }
  }
}
