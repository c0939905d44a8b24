variable "account_guards" {
  description = "Whether this environment holds what exists once an account: CloudTrail and the block of public buckets. One environment an account does."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Whether the key waits 30 days (else 7) before it is gone, and the trail's bucket is kept while it holds logs."
  type        = bool
  default     = true
}

variable "name_prefix" {
  description = "Stands before every physical name, such as rta-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix: 3 to 24 lower-case letters, digits and hyphens, beginning with a letter, such as rta-dev."
  }
}

variable "trail_days" {
  description = "How long CloudTrail's files are kept."
  type        = number
  default     = 365

  validation {
    condition     = var.trail_days >= 90 && var.trail_days <= 3650
    error_message = "trail_days: from 90 to 3650."
  }
}
