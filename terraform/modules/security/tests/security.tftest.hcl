mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
}

# The README's example.
variables {
  name_prefix         = "rta-prod"
  account_guards      = true
  deletion_protection = true
}

run "the_key_rotates_and_waits_before_it_is_gone" {
  command = plan

  assert {
    condition     = aws_kms_key.main.enable_key_rotation && aws_kms_key.main.deletion_window_in_days == 30
    error_message = "Rotation is on, and a deletion waits 30 days."
  }
  assert {
    condition     = aws_kms_alias.main.name == "alias/rta-prod"
    error_message = "The alias is the prefix."
  }
}

run "the_guards_of_the_account_are_complete" {
  command = plan

  assert {
    condition     = aws_cloudtrail.account["account"].is_multi_region_trail && aws_cloudtrail.account["account"].enable_log_file_validation
    error_message = "The trail covers every region and can be proven unchanged."
  }
  assert {
    condition     = aws_s3_account_public_access_block.account["account"].restrict_public_buckets && !aws_s3_bucket.trail["account"].force_destroy
    error_message = "No bucket is public, and the trail's is kept."
  }
}

run "another_environment_leaves_the_account_alone" {
  command = plan
  variables {
    name_prefix         = "rta-dev"
    account_guards      = false
    deletion_protection = false
  }

  assert {
    condition     = length(aws_cloudtrail.account) + length(aws_s3_account_public_access_block.account) + length(aws_s3_bucket.trail) == 0
    error_message = "Only one environment of an account holds its guards."
  }
  assert {
    condition     = aws_kms_key.main.deletion_window_in_days == 7
    error_message = "Without protection the key is gone as soon as AWS allows."
  }
}

run "a_long_prefix_is_refused" {
  command = plan
  variables {
    name_prefix = "realtime-analytics-of-the-shop"
  }
  expect_failures = [var.name_prefix]
}

run "a_short_memory_is_refused" {
  command = plan
  variables {
    trail_days = 30
  }
  expect_failures = [var.trail_days]
}
