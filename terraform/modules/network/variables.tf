variable "alarm_topic_arn" {
  description = "SNS topic that alarms publish to."
  type        = string
}

variable "cidr" {
  description = "Addresses of the VPC: a /16 to /20."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr: an IPv4 range from /16 to /20, such as 10.20.0.0/16."
  }
}

variable "interface_endpoints" {
  description = "AWS services reached by an interface endpoint instead of NAT, by the last part of the service's name, such as kinesis-streams. Each costs $7.30 a month and zone."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.interface_endpoints, ["kinesis-streams", "kms", "logs", "monitoring", "secretsmanager", "sqs"])) == 0
    error_message = "interface_endpoints: choose from kinesis-streams, kms, logs, monitoring, secretsmanager, sqs. (Not execute-api: it would hide the public APIs from the VPC.)"
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the flow log."
  type        = string
}

variable "log_retention_days" {
  description = "How long the flow log is kept."
  type        = number
  default     = 30
}

variable "name_prefix" {
  description = "Stands before every physical name, such as rta-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix: 3 to 24 lower-case letters, digits and hyphens, beginning with a letter, such as rta-dev."
  }
}

variable "nat" {
  description = "NAT gateways for what has no endpoint: ONE (a zone's failure stops pushes), PER_ZONE or NONE (no WebSocket pushes)."
  type        = string
  default     = "ONE"

  validation {
    condition     = contains(["NONE", "ONE", "PER_ZONE"], var.nat)
    error_message = "nat: choose NONE, ONE or PER_ZONE."
  }
}

variable "zones" {
  description = "Three availability zones of the region, such as us-east-1a."
  type        = set(string)

  validation {
    condition     = length(var.zones) == 3
    error_message = "zones: three, such as us-east-1a, us-east-1b, us-east-1c."
  }
}
