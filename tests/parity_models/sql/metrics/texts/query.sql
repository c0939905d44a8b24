-- What do texts become?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    UPPER(query) AS upper_case,  -- upper case
    LOWER(query) AS lower_case,  -- lower case
    CHAR_LENGTH(query) AS length_of,  -- length of
    TRIM(query) AS trimmed,  -- trimmed
    SUBSTRING(query, 2) AS from_second,  -- from second
    SUBSTRING(query, 0, 2) AS from_zero,  -- from zero
    SUBSTRING(query, -2) AS from_the_end,  -- from the end
    SUBSTRING(query FROM 2 FOR 3) AS middle,  -- middle
    query || '#' || category AS joined,  -- joined
    CONCAT(query, '-', category) AS concatenated,  -- concatenated
    CONCAT_WS('-', query, category, device_type) AS concatenated_with,  -- concatenated with
    REPLACE(query, 'a', 'bb') AS replaced,  -- replaced
    POSITION('a' IN query) AS place_of_a,  -- place of a
    LEFT(query, 3) AS left_part,  -- left part
    RIGHT(query, 3) AS right_part,  -- right part
    REVERSE(query) AS reversed,  -- reversed
    REPEAT(query, 2) AS twice,  -- twice
    query LIKE '%a%' AS has_a,  -- has a
    query LIKE 'a_' AS two_with_a,  -- two with a
    INITCAP(query) AS capitals,  -- capitals
    REGEXP_REPLACE(query, '[a-z]+', 'x') AS letters_gone,  -- letters gone
    REGEXP_EXTRACT(query, '([a-z])', 1) AS first_letter,  -- first letter
    SPLIT_INDEX(query, ' ', 1) AS second_word,  -- second word
    LPAD(device_type, 5, '*') AS padded_left,  -- padded left
    RPAD(device_type, 9, 'xy') AS padded_right,  -- padded right
    ASCII(device_type) AS ascii_of  -- ascii of
FROM search
