variable "emulator" {
  description = "Whether this is applied to an emulator of AWS (`AWS_ENDPOINT_URL`)."
  type        = bool
  default     = false
}

variable "exists" {
  description = "Whether the bucket is there already: then it is taken over, not made."
  type        = bool
  default     = false
}

variable "project" {
  description = "What every name begins with, as in the root."
  type        = string
  default     = "rta"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,17}[a-z0-9]$", var.project))
    error_message = "project: 3 to 19 lower-case letters, digits and hyphens, beginning with a letter, such as rta."
  }
}

variable "region" {
  description = "Region of AWS, such as us-east-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: the name of a region of AWS, such as us-east-1 or eu-central-1."
  }
}
