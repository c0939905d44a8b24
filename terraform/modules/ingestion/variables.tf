variable "alarm_topic_arn" {
  description = "SNS topic that alarms publish to."
  type        = string
}

variable "deletion_protection" {
  description = "Whether a secret that is deleted can be brought back for 30 days; without it, it is gone at once."
  type        = bool
  default     = true
}

variable "events" {
  description = "Event contracts by name, from the manifest: `stream` is the stream's name without its prefix."
  type = map(object({
    stream = string
  }))

  validation {
    condition     = length(var.events) > 1
    error_message = "events: one of accepted events and one of rejected ones at least. Take them from build/manifest.json; `pipeline build` writes it."
  }
  validation {
    condition     = alltrue([for event in var.events : length("${var.name_prefix}-${event.stream}") <= 128])
    error_message = "events: a stream's name with its prefix is longer than the 128 characters that Kinesis takes. Shorten name_prefix or the event's name."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts streams, secrets and logs."
  type        = string
}

variable "log_retention_days" {
  description = "How long the scaler's logs are kept."
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

variable "no_events_minutes" {
  description = "How long no event may come before the alarm; 0 switches it off, for a shop that sleeps."
  type        = number
  default     = 15

  validation {
    condition     = var.no_events_minutes == 0 || (var.no_events_minutes >= 5 && var.no_events_minutes <= 1440)
    error_message = "no_events_minutes: 0, or from 5 to 1440."
  }
}

variable "rejected_event" {
  description = "Which of `events` takes what failed its contract."
  type        = string
  default     = "rejected_event"

  validation {
    condition     = contains(keys(var.events), var.rejected_event)
    error_message = "rejected_event: must be one of events: ${join(", ", keys(var.events))}."
  }
}

variable "rejected_share_percent" {
  description = "Share of all events that may be rejected before the alarm, in percent."
  type        = number
  default     = 5

  validation {
    condition     = var.rejected_share_percent > 0 && var.rejected_share_percent < 100
    error_message = "rejected_share_percent: a number above 0 and below 100."
  }
}

variable "retention_hours" {
  description = "How long streams keep events: a changed job reads them again from here. 24 is included in the price."
  type        = number
  default     = 24

  validation {
    condition     = var.retention_hours >= 24 && var.retention_hours <= 8760
    error_message = "retention_hours: from 24 to 8760."
  }
}

variable "scale_in_after_minutes" {
  description = "The cool-down: a stream is made smaller only when its highest minute in this time would fit."
  type        = number
  default     = 60

  validation {
    condition     = var.scale_in_after_minutes >= 10 && var.scale_in_after_minutes <= 1440
    error_message = "scale_in_after_minutes: from 10 to 1440."
  }
}

variable "scaler_package" {
  description = "Zip of `scaler/` as the packages' index names it: needed with stream_mode PROVISIONED only."
  type = object({
    path   = string
    sha256 = string
  })
  default = null

  validation {
    condition     = var.stream_mode == "ON_DEMAND" || var.scaler_package != null
    error_message = "scaler_package: needed with stream_mode PROVISIONED. `make package` builds it."
  }
}

variable "shards" {
  description = "With stream_mode PROVISIONED, limits of an event's shards; an event that is not named has one to eight."
  type = map(object({
    min = optional(number, 1)
    max = optional(number, 8)
  }))
  default = {}

  validation {
    condition     = alltrue([for limits in var.shards : limits.min >= 1 && limits.max >= limits.min && limits.max <= 500])
    error_message = "shards: min from 1, max from min to 500."
  }
  validation {
    condition     = length(setsubtract(keys(var.shards), keys(var.events))) == 0
    error_message = "shards: names something that is no event. Events: ${join(", ", keys(var.events))}."
  }
}

variable "stream_mode" {
  description = "ON_DEMAND (AWS sizes the streams) or PROVISIONED (shards, kept in step with the traffic by a scaler). In a running environment, tell AWS first (README)."
  type        = string
  default     = "ON_DEMAND"

  validation {
    condition     = contains(["ON_DEMAND", "PROVISIONED"], var.stream_mode)
    error_message = "stream_mode: choose ON_DEMAND or PROVISIONED."
  }
}

variable "target_utilization_percent" {
  description = "How full the scaler lets a shard get, in percent of its 1 MiB/s and 1,000 records/s."
  type        = number
  default     = 60

  validation {
    condition     = var.target_utilization_percent >= 10 && var.target_utilization_percent <= 90
    error_message = "target_utilization_percent: from 10 to 90."
  }
}
