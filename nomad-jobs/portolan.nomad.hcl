# portolan on every node that runs Traefik. Nothing is shared between the nodes: each reads its local agents, and equal
# catalogs give equal charts. README.md prepares such a node and starts this job. Needs Nomad 1.8 or newer.

variable "catalog" {
  type        = string
  default     = "consul"
  description = "where services are registered: consul, nomad or both"
  validation {
    condition     = contains(["consul", "nomad", "both"], var.catalog)
    error_message = "The catalog must be consul, nomad or both."
  }
}

variable "driver" {
  type        = string
  default     = "docker"
  description = "docker (the image), exec or raw_exec (the executable)"
  validation {
    condition     = contains(["docker", "exec", "raw_exec"], var.driver)
    error_message = "The driver must be docker, exec or raw_exec."
  }
}

variable "image" {
  type        = string
  default     = "portolan:0.1.0"
  description = "docker: built from this repository's Dockerfile, present on the node or in your registry"
}

variable "executable" {
  type        = string
  default     = ""
  description = "exec and raw_exec: URL of the executable, as an artifact's source"
}

variable "user" {
  type        = string
  default     = ""
  description = "exec and raw_exec: owner of the two directories; empty: the driver's own choice, which for raw_exec is root"
}

variable "identities" {
  type        = bool
  default     = false
  description = "true where Consul has ACLs. A Consul without them refuses any identity (401, ACL support disabled)"
}

variable "login" {
  type        = string
  default     = "nomad"
  description = "with identities, who logs in at Consul: nomad, once, by its own auth method; or portolan, by the one of acl/, and renews its token"
  validation {
    condition     = contains(["nomad", "portolan"], var.login)
    error_message = "The login must be nomad or portolan."
  }
}

variable "settings" {
  type        = string
  description = "further settings (docs/settings.md), unless the Nomad variable nomad/jobs/portolan has some"
  default     = <<-EOT
    # As in traefik.nomad.hcl: a router that names no entry point gets these, and a database may have its own to itself. By
    # its API portolan sees what Traefik made of the chart.
    traefik: { defaultEntryPoints: [web, websecure], api: 'http://127.0.0.1:8080' }
  EOT
}

variable "chart_dir" {
  type        = string
  default     = "/opt/traefik/dynamic"
  description = "raw_exec, which mounts nothing: path of the volume traefik-dynamic on the host"
}

variable "state_dir" {
  type        = string
  default     = "/opt/portolan/state"
  description = "raw_exec: path of the volume portolan-state on the host"
}

locals {
  has_consul = var.catalog != "nomad"
  has_mounts = var.driver != "raw_exec"
  chart      = local.has_mounts ? "/chart" : var.chart_dir
  state      = local.has_mounts ? "/var/lib/portolan" : var.state_dir

  # Who the task is to Consul.
  identity = !local.has_consul || !var.identities ? "none" : var.login
  tokens = {
    none     = ""
    nomad    = ", tokenFile: '@{ env `NOMAD_SECRETS_DIR` }@/consul_token'"
    portolan = ", login: { authMethod: portolan, jwtFile: '@{ env `NOMAD_SECRETS_DIR` }@/nomad_portolan.jwt' }"
  }

  # The API of the local agents. Nomad's is a socket in each task, beside a token of the task's own identity.
  consul = "{ address: 'http://127.0.0.1:8500'${local.tokens[local.identity]} }"
  nomad  = "{ address: 'unix://@{ env `NOMAD_SECRETS_DIR` }@/api.sock', tokenFile: '@{ env `NOMAD_SECRETS_DIR` }@/nomad_token' }"
  catalogs = {
    # Nomad is asked beside Consul for what only it knows: which ports are dynamic, and of which job a service is.
    consul = "consul: ${local.consul}\nschedulers: [${local.nomad}]"
    nomad  = "nomad: ${local.nomad}"
    both   = "catalogs: [{ name: consul, consul: ${local.consul} }, { name: nomad, nomad: ${local.nomad} }]"
  }

  flags = ["run", "--log-format", "json"]
}

job "portolan" {
  type = "system"
  # Above the services that it routes: when a node is full, they give way.
  priority = 80

  constraint {
    attribute = "${meta.edge}"
    value     = "true"
  }

  # One node at a time. A version that does not become healthy is taken back; the routes stay meanwhile.
  update {
    max_parallel     = 1
    min_healthy_time = "10s"
    healthy_deadline = "2m"
    auto_revert      = true
  }

  group "portolan" {
    network {
      mode = "host"
      # Static, since the commands look for it there, and outside of the dynamic range.
      port "http" {
        static = 9532
      }
    }

    # The same volume is mounted, read-only, by Traefik's job. A directory: a single file could not be replaced.
    dynamic "volume" {
      for_each = local.has_mounts ? ["chart"] : []
      labels   = ["chart"]
      content {
        type   = "host"
        source = "traefik-dynamic"
      }
    }

    # On the host, so that a new allocation starts with the last good catalog.
    dynamic "volume" {
      for_each = local.has_mounts ? ["state"] : []
      labels   = ["state"]
      content {
        type   = "host"
        source = "portolan-state"
      }
    }

    # Never give up: without portolan the routes stay, but no longer follow.
    restart {
      attempts = 3
      interval = "1m"
      delay    = "5s"
      mode     = "delay"
    }

    # A node that has lost Nomad's servers goes on routing by its local Consul, and keeps this allocation when they are back.
    disconnect {
      lost_after = "24h"
      replace    = false
      reconcile  = "keep_original"
    }

    # Out of the catalog first, so that no scrape meets a port that is closed already.
    shutdown_delay = "2s"

    # No traefik.enable tag, so portolan never routes to itself. It listens on loopback only: metrics and status tell what
    # runs where. The agents that check it are on the same node.
    service {
      name     = "portolan"
      port     = "http"
      address  = "127.0.0.1"
      provider = local.has_consul ? "consul" : "nomad"

      dynamic "identity" {
        for_each = var.identities && local.has_consul ? ["consul"] : []
        content {
          aud = ["consul.io"]
          ttl = "1h"
        }
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
      driver = var.driver
      user   = var.user

      # One of the two, by the driver.
      dynamic "config" {
        for_each = var.driver == "docker" ? ["docker"] : []
        content {
          image = var.image
          args  = local.flags
          # The agents and the status listen on the host's loopback.
          network_mode = "host"
          # It needs no right of root's, and writes to its two volumes only. A core dump would hold the token.
          readonly_rootfs = true
          cap_drop        = ["all"]
          security_opt    = ["no-new-privileges"]
          ulimit {
            core = "0"
          }
        }
      }

      dynamic "config" {
        for_each = var.driver != "docker" ? ["executable"] : []
        content {
          command = "local/portolan"
          args    = local.flags
        }
      }

      dynamic "artifact" {
        for_each = var.driver != "docker" ? ["executable"] : []
        content {
          source      = var.executable
          destination = "local/portolan"
          mode        = "file"
        }
      }

      dynamic "volume_mount" {
        for_each = local.has_mounts ? ["chart"] : []
        content {
          volume      = "chart"
          destination = "/chart"
        }
      }

      dynamic "volume_mount" {
        for_each = local.has_mounts ? ["state"] : []
        content {
          volume      = "state"
          destination = "/var/lib/portolan"
        }
      }

      # Who the task is to Nomad: it may read the services of its own namespace without any policy.
      identity {
        file = true
      }

      # Nomad logs in at Consul when the task starts. It does so once, so set no maximum token life time on its auth method.
      # On a cluster without ACLs this changes nothing.
      dynamic "consul" {
        for_each = local.has_consul && local.identity != "portolan" ? ["consul"] : []
        content {}
      }

      dynamic "identity" {
        for_each = local.identity == "nomad" ? ["consul"] : []
        content {
          name = "consul_default"
          aud  = ["consul.io"]
          ttl  = "1h"
        }
      }

      # Or portolan logs in, with this (docs/identity.md).
      dynamic "identity" {
        for_each = local.identity == "portolan" ? ["consul"] : []
        content {
          name = "portolan"
          aud  = ["consul.io"]
          file = true
          ttl  = "1h"
        }
      }

      # So that each command in the allocation finds the settings, and by them the portolan that runs.
      env {
        PORTOLAN_SETTINGS = "${NOMAD_TASK_DIR}/portolan.yml"
      }

      # Settings, policy and ledger come from the Nomad variable nomad/jobs/portolan, where there is one, and a change of it
      # counts at once: SIGHUP. The delimiters are unusual ones, since {{ }} stands in settings of portolan's own
      # (traefik.defaultRule), and Nomad would execute it.
      template {
        destination     = "local/portolan.yml"
        change_mode     = "signal"
        change_signal   = "SIGHUP"
        left_delimiter  = "@{"
        right_delimiter = "}@"
        data            = <<-EOT
          output: { file: '${local.chart}/portolan.yml' }
          stateDir: '${local.state}'
          listen: '127.0.0.1:@{ env `NOMAD_PORT_http` }@'
          ${local.catalogs[var.catalog]}
          @{ $given := `` }@@{ if nomadVarExists `nomad/jobs/portolan` }@@{ with nomadVar `nomad/jobs/portolan` }@@{ with .settings }@@{ $given = .Value }@@{ end }@@{ end }@@{ end }@
          @{ if $given }@@{ $given }@@{ else }@
          ${var.settings}
          @{ end }@
        EOT
      }

      # They count where the settings name them: policy: policy.yml, and ports: { ledger: ledger.yml }.
      template {
        destination     = "local/policy.yml"
        change_mode     = "signal"
        change_signal   = "SIGHUP"
        left_delimiter  = "@{"
        right_delimiter = "}@"
        data            = "@{ if nomadVarExists `nomad/jobs/portolan` }@@{ with nomadVar `nomad/jobs/portolan` }@@{ with .policy }@@{ .Value }@@{ end }@@{ end }@@{ end }@"
      }

      template {
        destination     = "local/ledger.yml"
        change_mode     = "signal"
        change_signal   = "SIGHUP"
        left_delimiter  = "@{"
        right_delimiter = "}@"
        data            = "@{ if nomadVarExists `nomad/jobs/portolan` }@@{ with nomadVar `nomad/jobs/portolan` }@@{ with .ledger }@@{ .Value }@@{ end }@@{ end }@@{ end }@"
      }

      # The write in hand ends before the process does.
      kill_signal  = "SIGTERM"
      kill_timeout = "15s"

      resources {
        cpu = 200
        # A thousand services of three instances; deploy/README.md says what more of them need. Half of it is the heap's. memory_max
        # counts in its place where the scheduler has memory oversubscription: five thousand.
        memory     = 192
        memory_max = 384
      }
    }
  }
}
