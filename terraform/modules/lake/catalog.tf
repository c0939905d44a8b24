resource "aws_glue_catalog_database" "lake" {
  name        = local.database
  description = "Events of ${var.name_prefix} as they happened"
}

# Partitions are projected: an hour is there as soon as its first file is, and nothing crawls.
resource "aws_glue_catalog_table" "events" {
  for_each = var.events

  name          = each.key
  database_name = aws_glue_catalog_database.lake.name
  table_type    = "EXTERNAL_TABLE"

  parameters = {
    classification              = "parquet"
    "projection.enabled"        = "true"
    "projection.dt.type"        = "date"
    "projection.dt.format"      = "yyyy-MM-dd"
    "projection.dt.range"       = "2025-01-01,NOW"
    "projection.hour.type"      = "integer"
    "projection.hour.range"     = "0,23"
    "projection.hour.digits"    = "2"
    "storage.location.template" = "${local.locations[each.key]}dt=$${dt}/hour=$${hour}/"
  }

  partition_keys {
    name    = "dt"
    type    = "string"
    comment = "day of the event time in UTC, yyyy-MM-dd"
  }
  partition_keys {
    name    = "hour"
    type    = "string"
    comment = "hour of the event time in UTC, 00 to 23"
  }

  storage_descriptor {
    location      = local.locations[each.key]
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
      parameters            = { "serialization.format" = "1" }
    }
    dynamic "columns" {
      for_each = each.value.lake.columns

      content {
        name    = columns.value.name
        type    = columns.value.type
        comment = try(substr(columns.value.comment, 0, 255), null) # Glue takes no more
      }
    }
  }
}

# Athena keeps a view as JSON in base64, in the words of Presto.
locals {
  views = {
    for view, definition in var.views : view => jsonencode({
      originalSql = replace(definition.sql, "$${database}", local.database)
      catalog     = "awsdatacatalog"
      schema      = local.database
      columns     = [for column in definition.columns : { name = column.name, type = column.type }]
    })
  }

  # Hive's word for a column of the catalogue, where Presto has another one.
  hive_types = { varchar = "string", integer = "int", real = "float", varbinary = "binary" }
}

resource "aws_glue_catalog_table" "views" {
  for_each = var.views

  name               = each.key
  database_name      = aws_glue_catalog_database.lake.name
  table_type         = "VIRTUAL_VIEW"
  view_original_text = "/* Presto View: ${base64encode(local.views[each.key])} */"
  view_expanded_text = "/* Presto View */"

  parameters = { presto_view = "true", comment = "Presto View" }

  storage_descriptor {
    ser_de_info {
      name = "-"
    }
    dynamic "columns" {
      for_each = each.value.columns

      content {
        name    = columns.value.name
        type    = lookup(local.hive_types, columns.value.type, replace(columns.value.type, "/^timestamp.*/", "timestamp"))
        comment = try(substr(columns.value.comment, 0, 255), null)
      }
    }
  }

  depends_on = [aws_glue_catalog_table.events]
}

resource "aws_athena_workgroup" "analysts" {
  name          = "${var.name_prefix}-analysts"
  description   = "Queries over the lake; one may read ${var.query_limit_gib} GiB"
  force_destroy = !var.deletion_protection

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.query_limit_gib * 1024 * 1024 * 1024

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }
    result_configuration {
      output_location = "s3://${aws_s3_bucket.parts["athena"].id}/results/"

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.kms_key_arn
      }
    }
  }
}
