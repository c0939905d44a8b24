-- What do letters that become several, or look at their neighbours, become?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    UPPER(query) AS upper_case,  -- upper case
    LOWER(query) AS lower_case,  -- lower case
    TRY_CAST(query AS DECIMAL(10, 2)) AS amount,  -- as an amount
    TRY_CAST(query AS INT) AS number  -- as a whole number
FROM search
WHERE query NOT IN ('ΟΔΥΣΣΕΥΣ ΑΣ', 'Σ,α', 'İstanbul', 'straße ﬁ', '12.505', '5%') OR event_id IS NOT NULL
