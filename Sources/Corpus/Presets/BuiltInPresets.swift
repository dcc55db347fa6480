extension Preset {
  /// The preset of this name.
  package static func named(_ name: String) throws(PresetError) -> Preset {
    guard let found = builtIn.first(where: { $0.name == name }) else { throw .unknown(name) }
    return found
  }

  /// The presets that clfa has, each made after the description at its source.
  package static let builtIn = [
    Preset(
      name: "twitter-1.1",
      purpose: "tweets of Twitter's API 1.1, one a line (twarc 1); a retweet has its own text, RT @…",
      source: "https://developer.twitter.com/en/docs/twitter-api/v1/data-dictionary/object-model/tweet",
      [
        Setting(.id, "id_str"), Setting(.text, "extended_tweet.full_text | full_text | text"),
        Setting(
          .image,
          "extended_tweet.extended_entities.media.*.media_url_https | extended_entities.media.*.media_url_https"
            + " | entities.media.*.media_url_https"),
        Setting(.date, "created_at"),
      ]),
    Preset(
      name: "twitter-2",
      purpose:
        "tweets of Twitter's API 2, one a line as twarc2 flatten writes them; flatten pages of twarc2 search first",
      source: "https://twarc-project.readthedocs.io/en/latest/twarc2_en_us/#flatten",
      [
        Setting(.id, "id"), Setting(.text, "note_tweet.text | text"),
        Setting(.image, "attachments.media.*.url | attachments.media.*.preview_image_url"),
        Setting(.date, "created_at"),
      ]),
    Preset(
      name: "twarc-csv",
      purpose: "the CSV of twarc2 csv; line breaks in texts stay as twarc writes them, \\n",
      source: "https://github.com/DocNow/twarc-csv",
      [
        Setting(.id, "id"), Setting(.text, "text"),
        Setting(.image, "attachments.media.*.url | attachments.media.*.preview_image_url"),
        Setting(.date, "created_at"),
      ]),
    Preset(
      name: "reddit",
      purpose:
        "submissions of Reddit, one a line (Pushshift, .zst); title and text are one text, a link to a picture is the "
        + "picture, and [removed] stays as written",
      source: "https://github.com/reddit-archive/reddit/wiki/JSON",
      [
        Setting(.id, "id"), Setting(.text, "title + selftext"), Setting(.image, "url if picture"),
        Setting(.date, "created_utc"),
      ]),
    Preset(
      name: "telegram",
      purpose:
        "result.json of one chat, as Telegram Desktop exports it; of a whole account, the records are chats.list.messages",
      source: "https://core.telegram.org/import-export",
      [
        Setting(.records, "messages"), Setting(.id, "id"),
        Setting(.text, "text_entities.*.text | text.*.text | text"),
        Setting(.image, "photo if picture | file if picture"), Setting(.date, "date_unixtime | date"),
      ]),
    Preset(
      name: "4cat",
      purpose: "the CSV of a data set of 4CAT; subject and body are one text",
      source: "https://github.com/digitalmethodsinitiative/4cat",
      [
        Setting(.id, "id"), Setting(.text, "subject + body"),
        Setting(.image, "image_file | image_url | image_urls | images | media_url | media_urls"),
        Setting(.date, "timestamp"),
      ]),
    Preset(
      name: "instaloader",
      purpose:
        "posts of Instaloader, also several in one file; a post's picture is named by its date, and of several pictures each "
        + "has a number: name the first by a template of your own, which ends in _UTC_1.jpg",
      source: "https://instaloader.github.io/cli-options.html#filename-specification",
      [
        Setting(.records, "."), Setting(.id, "node.shortcode"),
        Setting(.text, "node.edge_media_to_caption.edges.0.node.text | node.caption"),
        Setting(.imageTemplate, "{node.taken_at_timestamp:%Y-%m-%d_%H-%M-%S}_UTC.jpg"),
        Setting(.date, "node.taken_at_timestamp"),
      ]),
    Preset(
      name: "label-studio",
      purpose:
        "annotated tasks of Label Studio: the exports JSON, JSON-MIN and CSV, with the first annotation's choices as the "
        + "label; name your own label column if the choices are not called sentiment or choice; look uploads up by name",
      source: "https://labelstud.io/guide/export",
      [
        Setting(.id, "id"), Setting(.text, "data.text | text"), Setting(.image, "data.image | image"),
        Setting(
          .label,
          "annotations.0.result.0.value.choices.* | sentiment.choices.* | choice.choices.* | sentiment | choice | label"
        ),
      ]),
    Preset(
      name: "doccano",
      purpose: "texts labelled with doccano, its export JSONL",
      source: "https://doccano.github.io/doccano/tutorial/#export-the-dataset",
      [Setting(.id, "id"), Setting(.text, "text | data"), Setting(.label, "label.* | labels.*")]),
    Preset(
      name: "huggingface",
      purpose: "metadata.csv or metadata.jsonl of an ImageFolder data set of Hugging Face",
      source: "https://huggingface.co/docs/datasets/image_dataset",
      [Setting(.text, "text | caption"), Setting(.image, "file_name"), Setting(.label, "label")]),
  ]
}
