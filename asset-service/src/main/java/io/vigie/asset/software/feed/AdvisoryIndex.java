package io.vigie.asset.software.feed;

import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;

/**
 * What a publisher says of its documents: where each is, and when it changed last. Each lies on the
 * host of the index: what is fetched from there nobody else may choose.
 */
final class AdvisoryIndex {

  /** So many documents of an index are read; the rest are older. */
  static final int MAX_DOCUMENTS = 50_000;

  private static final int MAX_ADDRESS = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectReader ROWS =
      CsvMapper.builder()
          .enable(CsvParser.Feature.TRIM_SPACES)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .build()
          .readerFor(String[].class);

  private final URI at;
  private final Map<String, FeedReader.Item> documents = new LinkedHashMap<>();

  private AdvisoryIndex(URI at) {
    this.at = at;
  }

  /**
   * The documents, in the order of the index; of one that is there twice what was said first.
   *
   * @param at where the index was found
   */
  static List<FeedReader.Item> read(byte[] index, URI at, FeedFormat format) {
    AdvisoryIndex reading = new AdvisoryIndex(at);
    try {
      if (format == FeedFormat.CSAF && index.length > 0 && index[0] == '{') {
        reading.rolie(JSON.readTree(index));
      } else {
        reading.rows(index, format);
      }
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw new FeedReader.Unreadable(
          format == FeedFormat.CSAF
              ? "It is no changes.csv and no ROLIE feed: " + e.getMessage()
              : "It is no modified_id.csv: " + e.getMessage());
    }
    return List.copyOf(reading.documents.values());
  }

  private void rows(byte[] index, FeedFormat format) throws IOException {
    try (MappingIterator<String[]> rows = ROWS.readValues(index)) {
      while (rows.hasNextValue() && documents.size() < MAX_DOCUMENTS) {
        String[] row = rows.nextValue();
        if (row.length != 2) {
          throw new IllegalArgumentException("a row has " + row.length + " columns, not two");
        }
        if (format == FeedFormat.CSAF) {
          add(row[0], row[1]);
        } else {
          add(row[1] + ".json", row[0]);
        }
      }
    }
  }

  private void rolie(JsonNode index) {
    JsonNode entries = index.at("/feed/entry");
    if (!entries.isArray()) {
      throw new IllegalArgumentException("there is no feed.entry");
    }
    for (JsonNode entry : entries) {
      if (documents.size() < MAX_DOCUMENTS) {
        add(entry.at("/content/src").asText(), entry.path("updated").asText());
      }
    }
  }

  private void add(String path, String changed) {
    URI document = at.resolve(path);
    if (path.isBlank()
        || document.getUserInfo() != null
        || !Objects.equals(document.getScheme(), at.getScheme())
        || !Objects.equals(document.getAuthority(), at.getAuthority())) {
      throw new IllegalArgumentException("a document lies elsewhere: " + path);
    }
    String url = document.toString();
    if (url.length() > MAX_ADDRESS) {
      throw new IllegalArgumentException(
          "an address is longer than %d characters".formatted(MAX_ADDRESS));
    }
    documents.putIfAbsent(
        url,
        new FeedReader.Item(
            url,
            url,
            url,
            null,
            OffsetDateTime.parse(changed).toInstant().truncatedTo(ChronoUnit.MICROS)));
  }
}
