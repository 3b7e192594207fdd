package io.vigie.asset.software.feed;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.enterprise.context.ApplicationScoped;

import com.rometools.rome.feed.synd.SyndEntry;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.SyndFeedInput;
import com.rometools.rome.io.XmlReader;
import org.jdom2.JDOMException;
import org.jdom2.input.SAXBuilder;

/**
 * Fetches a feed and reads its items: RSS 0.9 to 2.0 and Atom, or an {@link AdvisoryIndex} and its
 * documents. XML with a DOCTYPE is refused, and with it external entities and those that grow.
 */
@ApplicationScoped
class FeedReader {

  /** So many items of one document are read; the rest are older. */
  static final int MAX_ITEMS = 500;

  private static final int MAX_TEXT = 1_000;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  /**
   * An item.
   *
   * @param id what tells it from others of its feed
   * @param link null where the item has none
   * @param publishedAt null where the item does not say
   */
  record Item(String id, String title, String link, String category, Instant publishedAt) {}

  /**
   * What came back.
   *
   * @param isNew false where nothing changed since it was read last
   * @param isWhole false where some of it is left to be read
   */
  record Reading(
      boolean isNew, boolean isWhole, List<Item> items, String etag, String lastModified) {

    private static final Reading UNCHANGED = new Reading(false, true, List.of(), null, null);

    Reading withoutItems() {
      return new Reading(isNew, isWhole, List.of(), etag, lastModified);
    }

    /** To be asked for again, though nothing changed. */
    Reading inPart() {
      return new Reading(isNew, false, List.of(), null, null);
    }
  }

  /** Why a feed could not be read, in words for people. */
  static final class Unreadable extends RuntimeException {

    private final boolean isOfItself;

    Unreadable(String why) {
      this(why, false);
    }

    private Unreadable(String why, boolean isOfItself) {
      super(why, null, false, false);
      this.isOfItself = isOfItself;
    }

    /** Whether it says nothing of the server: it is gone, or too large. */
    boolean isOfItself() {
      return isOfItself;
    }
  }

  private static final Set<Integer> GONE = Set.of(404, 410);

  private static final String DEPTH = "http://www.oracle.com/xml/jaxp/properties/maxElementDepth";
  private static final int DEEPEST = 200;

  private final FeedSettings settings;
  private final HttpClient client;

  FeedReader(FeedSettings settings) {
    this.settings = settings;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.timeLimit())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  /** Whether feeds are read from there: over https, so that nobody on the way writes in them. */
  boolean allows(URI address) {
    if (address.getHost() == null || address.getUserInfo() != null) {
      return false;
    }
    return "https".equals(address.getScheme())
        || settings.loopbackHttp()
            && "http".equals(address.getScheme())
            && LOOPBACK.contains(address.getHost());
  }

  /**
   * Reads what is new.
   *
   * @param etag and {@code lastModified}, as the server said last time, or null
   * @return fails with {@link Unreadable}
   */
  CompletableFuture<Reading> read(FeedFormat format, String url, String etag, String lastModified) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    request.header(
        "Accept",
        format == FeedFormat.NEWS
            ? "application/rss+xml, application/atom+xml, application/xml, text/xml"
            : "text/csv, application/json, */*;q=0.1");
    Optional.ofNullable(etag).ifPresent(tag -> request.header("If-None-Match", tag));
    Optional.ofNullable(lastModified).ifPresent(time -> request.header("If-Modified-Since", time));
    return fetch(request).thenApply(response -> reading(format, response));
  }

  /** A document that an index names; fails with {@link Unreadable}. */
  CompletableFuture<byte[]> document(String url) {
    return fetch(HttpRequest.newBuilder(URI.create(url)).header("Accept", "application/json"))
        .thenApply(FeedReader::body);
  }

  private CompletableFuture<HttpResponse<byte[]>> fetch(HttpRequest.Builder wanted) {
    HttpRequest request = wanted.timeout(settings.timeLimit()).build();
    if (!allows(request.uri())) {
      return CompletableFuture.failedFuture(
          new Unreadable("The address is not read: " + request.uri()));
    }
    LimitedBody.Handler body = new LimitedBody.Handler(settings.sizeLimit().asLongValue());
    CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, body);
    return answer
        .orTimeout(settings.timeLimit().toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((done, failure) -> answer.cancel(true))
        .handle(
            (response, failure) -> {
              if (failure != null) {
                throw unreadable(failure);
              }
              if (!allows(response.uri())) {
                throw new Unreadable("It leads to an address that is not read: " + response.uri());
              }
              return response;
            });
  }

  private Unreadable unreadable(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof TimeoutException || cause instanceof java.net.http.HttpTimeoutException) {
      return new Unreadable("It took longer than " + settings.timeLimit().toSeconds() + " s.");
    }
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof LimitedBody.TooLarge) {
        return new Unreadable(
            "It is larger than " + settings.sizeLimit().asLongValue() + " bytes.", true);
      }
    }
    return new Unreadable("It cannot be fetched: " + cause);
  }

  private static Reading reading(FeedFormat format, HttpResponse<byte[]> response) {
    if (response.statusCode() == 304) {
      return Reading.UNCHANGED;
    }
    byte[] body = body(response);
    return new Reading(
        true,
        true,
        format == FeedFormat.NEWS
            ? items(body, response.headers().firstValue("Content-Type").orElse(null))
            : AdvisoryIndex.read(body, response.uri(), format),
        response.headers().firstValue("ETag").orElse(null),
        response.headers().firstValue("Last-Modified").orElse(null));
  }

  private static byte[] body(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status != 200) {
      throw new Unreadable("The server answered " + status + ".", GONE.contains(status));
    }
    return response.body();
  }

  private static List<Item> items(byte[] document, String contentType) {
    try (XmlReader xml =
        contentType == null
            ? new XmlReader(new ByteArrayInputStream(document))
            : new XmlReader(new ByteArrayInputStream(document), contentType, true)) {
      return new SyndFeedInput()
          .build(builder().build(xml)).getEntries().stream()
              .limit(MAX_ITEMS)
              .map(FeedReader::item)
              .flatMap(Optional::stream)
              .toList();
    } catch (FeedException | JDOMException | IOException | IllegalArgumentException e) {
      throw new Unreadable("It is no RSS or Atom document: " + e.getMessage());
    }
  }

  /** Takes no DTD, and with that no entity, and no depth, which not every Java limits by itself. */
  private static SAXBuilder builder() {
    SAXBuilder builder = new SAXBuilder();
    builder.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    builder.setProperty(DEPTH, Integer.toString(DEEPEST));
    return builder;
  }

  /** Empty for an item that nothing tells from others. */
  private static Optional<Item> item(SyndEntry entry) {
    String link = text(entry.getLink());
    String id = text(entry.getUri()) == null ? link : text(entry.getUri());
    String title = text(entry.getTitle());
    if (id == null && title == null) {
      return Optional.empty();
    }
    Date published =
        entry.getPublishedDate() == null ? entry.getUpdatedDate() : entry.getPublishedDate();
    return Optional.of(
        new Item(
            id == null ? title : id,
            title == null ? id : title,
            link,
            entry.getCategories().isEmpty() ? null : text(entry.getCategories().get(0).getName()),
            published == null ? null : published.toInstant().truncatedTo(ChronoUnit.MICROS)));
  }

  /** Cut and cleaned to what is kept; null where there is none. */
  static String text(String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    String cut = text.strip();
    cut = cut.length() <= MAX_TEXT ? cut : cut.substring(0, MAX_TEXT);
    return new String(
        cut.replace("\0", "").getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
