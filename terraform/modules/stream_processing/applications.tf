locals {
  # A start belongs to the state that was built from it (flink_app/properties.py).
  starts = { for app in keys(var.apps) : app => lookup(var.starts, app, "TRIM_HORIZON") }

  # Exactly what flink_app/properties.py reads; it takes no other key of `job`. Groups `source` and `sink` would
  # override flink_app/settings.py, which says the same for every place; so they are not given.
  property_groups = {
    for app in keys(var.apps) : app => {
      "kinesis.analytics.flink.run.options" = { # where flink_app/package.py puts things
        python  = "main.py"
        jarfile = "lib/flink-connector.jar"
        pyFiles = "modules/"
      }
      job = {
        app         = app
        name_prefix = var.name_prefix
        aws_region  = data.aws_region.current.id
        build_dir   = "build"
        start       = local.starts[app]
        wait        = "false"
      }
      flink = {
        "table.exec.mini-batch.allow-latency" = "${var.mini_batch_milliseconds} ms"
      }
    }
  }
}

# A changed start replaces the application (below).
resource "terraform_data" "start" {
  for_each = local.starts

  input = each.value
}

resource "aws_kinesisanalyticsv2_application" "apps" {
  for_each = var.apps

  name                   = "${var.name_prefix}-${replace(each.key, "_", "-")}"
  description            = "Computes ${length(each.value.models)} models from ${length(each.value.sources)} streams."
  runtime_environment    = var.runtime
  service_execution_role = aws_iam_role.apps[each.key].arn
  start_application      = var.start

  # What is replaced leaves no snapshot, and a failing job could not take one; what is only stopped does.
  force_stop = var.start

  application_configuration {
    application_code_configuration {
      code_content_type = "ZIPFILE"

      code_content {
        s3_content_location {
          bucket_arn = var.artifacts_bucket.arn
          file_key   = aws_s3_object.code[each.key].key
        }
      }
    }

    # AWS takes a snapshot before each update and starts the new version from it. An update that reaches here
    # is one of an unchanged plan; a changed plan comes with another start.
    application_snapshot_configuration {
      snapshots_enabled = true
    }

    # What is not started has none, and AWS would show the difference for ever.
    dynamic "run_configuration" {
      for_each = var.start ? { started = local.starts[each.key] } : {}

      content {
        application_restore_configuration {
          application_restore_type = "RESTORE_FROM_LATEST_SNAPSHOT"
        }
        flink_run_configuration {
          # State that fits nowhere means that the plan did change: then the start must fail, not count anew
          # from the middle.
          allow_non_restored_state = false
        }
      }
    }

    environment_properties {
      dynamic "property_group" {
        for_each = local.property_groups[each.key]

        content {
          property_group_id = property_group.key
          property_map      = property_group.value
        }
      }
    }

    # Of flink_app/settings.py, `JOB`, `SOURCE` and `SINK` travel in the code. `CLUSTER` is here where AWS lets
    # it be said:
    #   execution.checkpointing.interval            checkpoint_interval
    #   execution.checkpointing.min-pause           min_pause_between_checkpoints
    #   taskmanager.numberOfTaskSlots               parallelism_per_kpu
    # and fixed by AWS otherwise:
    #   state.backend.type                          rocksdb
    #   execution.checkpointing.incremental         true
    #   execution.checkpointing.num-retained, .externalized-checkpoint-retention   its own store; it restores the newest
    #   restart-strategy.type, .exponential-delay.initial-backoff, .max-backoff    it restarts for ever, 10 s apart
    #   taskmanager.memory.managed.size, .network.min, .network.max                shares of a unit's 4 GB
    flink_application_configuration {
      checkpoint_configuration {
        configuration_type            = "CUSTOM"
        checkpointing_enabled         = true
        checkpoint_interval           = var.checkpoint_interval_seconds * 1000
        min_pause_between_checkpoints = 1000
      }
      monitoring_configuration {
        configuration_type = "CUSTOM"
        log_level          = var.log_level
        metrics_level      = "APPLICATION" # TASK and finer cost $0.30 for each metric of each operator a month
      }
      parallelism_configuration {
        configuration_type   = "CUSTOM"
        auto_scaling_enabled = var.auto_scaling
        parallelism          = lookup(var.parallelism, each.key, var.parallelism["default"])
        parallelism_per_kpu  = var.parallelism_per_kpu
      }
    }

    dynamic "vpc_configuration" {
      for_each = var.vpc == null ? {} : { vpc = var.vpc }

      content {
        security_group_ids = vpc_configuration.value.security_group_ids
        subnet_ids         = vpc_configuration.value.subnet_ids
      }
    }
  }

  cloudwatch_logging_options {
    log_stream_arn = aws_cloudwatch_log_stream.apps[each.key].arn
  }

  lifecycle {
    # Another start wants no old state. AWS restores the newest snapshot at every update unless told otherwise,
    # and the provider tells it only when `run_configuration` itself changed (hashicorp/terraform-provider-aws
    # issue 43003): a second replay in a row would get the state of the first. A new application has none.
    replace_triggered_by = [terraform_data.start[each.key]]
  }

  # AWS checks at creation that the role may read the code and write the log.
  depends_on = [aws_iam_role_policy.apps]
}

resource "aws_cloudwatch_log_group" "apps" {
  for_each = var.apps

  name              = "/aws/kinesis-analytics/${var.name_prefix}-${replace(each.key, "_", "-")}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_cloudwatch_log_stream" "apps" {
  for_each = var.apps

  name           = "job"
  log_group_name = aws_cloudwatch_log_group.apps[each.key].name
}
