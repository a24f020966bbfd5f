node {
  policy = "read"
}

namespace "*" {
  capabilities = ["read-job"]
}
