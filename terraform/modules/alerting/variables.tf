variable "emails" {
  description = "Addresses that are told; each has to confirm its subscription once."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "emails: each must be an address such as oncall@example.com."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts messages. Its policy must let cloudwatch.amazonaws.com and budgets.amazonaws.com use it (kms:Decrypt, kms:GenerateDataKey*), else alarms fire and nobody hears."
  type        = string
}

variable "name_prefix" {
  description = "Stands before every physical name, such as rta-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix: 3 to 24 lower-case letters, digits and hyphens, beginning with a letter, such as rta-dev."
  }
}

variable "tell_about" {
  description = "Which alarms are mailed: SYMPTOMS (one mail for what a user would notice) or EVERY_ALARM (also each cause)."
  type        = string
  default     = "SYMPTOMS"

  validation {
    condition     = contains(["SYMPTOMS", "EVERY_ALARM"], var.tell_about)
    error_message = "tell_about: choose SYMPTOMS or EVERY_ALARM."
  }
}
