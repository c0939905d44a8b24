locals {
  # A decision is answered in the request and stores nothing.
  stored = { for name, model in var.models : name => model if model.table != null }
}

resource "aws_dynamodb_table" "models" {
  for_each = local.stored

  name         = "${var.name_prefix}-${each.value.table.name}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = each.value.table.partition_key
  range_key    = each.value.table.sort_key

  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"

  deletion_protection_enabled = var.deletion_protection

  dynamic "attribute" {
    for_each = toset(compact([each.value.table.partition_key, each.value.table.sort_key]))

    content {
      name = attribute.value
      type = "S" # as the compiler's key columns are
    }
  }

  dynamic "ttl" {
    for_each = each.value.table.ttl_attribute == null ? {} : { rows = each.value.table.ttl_attribute }

    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.kms_key_arn
  }
}
