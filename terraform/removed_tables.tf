# A model that is gone from the manifest takes its table with it. So the tables that are there are held against the
# manifest before anything changes, and each that would go has to be named.
data "aws_dynamodb_tables" "present" {}

locals {
  model_tables = toset([for model in local.models : "${local.name_prefix}-${model.table.name}" if try(model.table, null) != null])

  tables_that_would_go = sort([
    for table in data.aws_dynamodb_tables.present.names : table
    if startswith(table, "${local.name_prefix}-")
    && !contains(setunion(local.model_tables, module.serving.table_names, var.remove_tables), table)
  ])
}

resource "terraform_data" "removed_tables" {
  lifecycle {
    precondition {
      condition     = length(local.tables_that_would_go) == 0
      error_message = "No model of the manifest has these tables any more, and their rows would be deleted: ${join(", ", local.tables_that_would_go)}. Put the models back, or name the tables in remove_tables. Where deletion_protection holds, switch it off in an apply before this one: AWS refuses to delete them until then."
    }
  }
}
