data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  job_names = { for job in keys(var.jobs) : job => "${var.name_prefix}-${job}" }
  log_group = "/aws-glue/${var.name_prefix}"
}

# Named by its content: a run that began with the old script ends with it.
resource "aws_s3_object" "scripts" {
  for_each = var.jobs

  bucket      = var.artifacts_bucket.name
  key         = "glue/${each.key}/${basename(var.packages[each.key].path)}"
  source      = var.packages[each.key].path
  source_hash = var.packages[each.key].sha256
}

resource "aws_glue_job" "jobs" {
  for_each = var.jobs

  name                   = local.job_names[each.key]
  role_arn               = aws_iam_role.jobs[each.key].arn
  glue_version           = "5.0" # Spark 3.5, as the tests run
  worker_type            = each.value.worker_type
  number_of_workers      = each.value.workers
  timeout                = each.value.timeout_minutes
  max_retries            = 1
  security_configuration = aws_glue_security_configuration.jobs[each.key].name

  default_arguments = merge(each.value.arguments, {
    "--continuous-log-logGroup"          = aws_cloudwatch_log_group.jobs.name
    "--enable-continuous-cloudwatch-log" = "true"
    "--enable-glue-datacatalog"          = "true"
    "--enable-metrics"                   = "true"
    "--enable-observability-metrics"     = "true" # the alarm's metric
    "--lake_bucket"                      = var.lake_bucket.name
    "--lake_database"                    = var.glue_database_name
    "--name_prefix"                      = var.name_prefix
  })

  command {
    python_version  = "3"
    script_location = "s3://${var.artifacts_bucket.name}/${aws_s3_object.scripts[each.key].key}"
  }
  execution_property {
    max_concurrent_runs = 1
  }
}

resource "aws_glue_trigger" "schedules" {
  for_each = { for job, definition in var.jobs : job => definition.schedule if definition.schedule != null }

  name     = local.job_names[each.key]
  type     = "SCHEDULED"
  schedule = each.value

  actions {
    job_name = aws_glue_job.jobs[each.key].name
  }
}

resource "aws_glue_security_configuration" "jobs" {
  for_each = var.jobs

  name = local.job_names[each.key]

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = var.kms_key_arn
    }
    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = var.kms_key_arn
    }
    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = var.kms_key_arn
    }
  }
}

resource "aws_cloudwatch_log_group" "jobs" {
  name              = local.log_group
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}
