# portolan for a cluster without Consul: it charts the services that jobs register in Nomad itself (provider = "nomad"), and
# reaches Nomad by the socket and the token that each task has, with ACLs and without. README.md prepares the node. It is
# portolan.nomad.hcl with catalog=nomad, in plain words. Needs Nomad 1.8 or newer.

variable "image" {
  type        = string
  default     = "portolan:0.1.0"
  description = "built from this repository's Dockerfile, present on the node or in your registry"
}

variable "namespace" {
  type        = string
  default     = "default"
  description = "namespace whose services are charted; any but the job's own, and *, need acl/nomad-policy.hcl where there are ACLs"
}

job "portolan" {
  type     = "system"
  priority = 80

  constraint {
    attribute = "${meta.edge}"
    value     = "true"
  }

  update {
    max_parallel     = 1
    min_healthy_time = "10s"
    healthy_deadline = "2m"
    auto_revert      = true
  }

  group "portolan" {
    network {
      mode = "host"
      port "http" {
        static = 9532
      }
    }

    volume "chart" {
      type   = "host"
      source = "traefik-dynamic"
    }

    volume "state" {
      type   = "host"
      source = "portolan-state"
    }

    restart {
      attempts = 3
      interval = "1m"
      delay    = "5s"
      mode     = "delay"
    }

    disconnect {
      lost_after = "24h"
      replace    = false
      reconcile  = "keep_original"
    }

    shutdown_delay = "2s"

    service {
      name     = "portolan"
      port     = "http"
      address  = "127.0.0.1"
      provider = "nomad"

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
        image           = var.image
        network_mode    = "host"
        readonly_rootfs = true
        cap_drop        = ["all"]
        security_opt    = ["no-new-privileges"]
        ulimit {
          core = "0"
        }
        # Where chart and state are, the image's own settings say; it listens at its default address, 127.0.0.1:9532.
        args = ["run", "--log-format", "json"]
      }

      # The token is read anew when Nomad replaces it.
      identity {
        file = true
      }

      env {
        NOMAD_ADDR       = "unix://${NOMAD_SECRETS_DIR}/api.sock"
        NOMAD_TOKEN_FILE = "${NOMAD_SECRETS_DIR}/nomad_token"
        NOMAD_NAMESPACE  = var.namespace
      }

      volume_mount {
        volume      = "chart"
        destination = "/chart"
      }

      volume_mount {
        volume      = "state"
        destination = "/var/lib/portolan"
      }

      kill_signal  = "SIGTERM"
      kill_timeout = "15s"

      resources {
        cpu        = 200
        memory     = 192
        memory_max = 384
      }
    }
  }
}
