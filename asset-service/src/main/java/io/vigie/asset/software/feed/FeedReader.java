package io.vigie.asset.software.feed;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UnsupportedEncodingException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
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
import jakarta.inject.Inject;

import com.rometools.rome.feed.synd.SyndEntry;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.SyndFeedInput;
import com.rometools.rome.io.XmlReader;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vigie.kernel.AllowedNetworks;
import org.jdom2.JDOMException;
import org.jdom2.input.SAXBuilder;

/**
 * Fetches a feed and reads its items: RSS 0.9 to 2.0 and Atom, or an {@link AdvisoryIndex} and its
 * documents. XML with a DOCTYPE is refused, and with it external entities and those that grow; and
 * so is XML that is not in the encoding that it says it has.
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
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** So many redirects are followed. */
  private static final int MOST_REDIRECTS = 5;

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** More than Vert.x takes unasked: some publishers say much of what browsers may do. */
  private static final int HEADERS = 64 * 1024;

  /** An answer that is no redirect, and where it came from. */
  private record Found(URI at, int status, MultiMap headers, byte[] body) {}

  private final FeedSettings settings;
  private final AllowedNetworks networks;
  private final Vertx vertx;
  private final HttpClient client;

  @Inject
  FeedReader(FeedSettings settings, Vertx vertx) {
    this(settings, vertx, InetAddress::getAllByName);
  }

  FeedReader(FeedSettings settings, Vertx vertx, AllowedNetworks.Resolver resolver) {
    this.settings = settings;
    this.vertx = vertx;
    this.networks =
        new AllowedNetworks("vigie.feed.allowed-networks", settings.allowedNetworks(), resolver);
    this.client = vertx.createHttpClient(new HttpClientOptions().setMaxHeaderSize(HEADERS));
  }

  /**
   * Why feeds are not read from there; null where they are, or may be: a name is resolved when it
   * is read. Over https alone, so that nobody on the way writes in them.
   */
  String refusal(URI address) {
    if (address.getHost() == null || address.getUserInfo() != null || !isSafe(address)) {
      return "Only https addresses without credentials are read.";
    }
    return networks.refusalOfLiteral(address.getHost());
  }

  private boolean isSafe(URI address) {
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
    MultiMap headers =
        accepting(
            format == FeedFormat.NEWS
                ? "application/rss+xml, application/atom+xml, application/xml, text/xml"
                : "text/csv, application/json, */*;q=0.1");
    Optional.ofNullable(etag).ifPresent(tag -> headers.set("If-None-Match", tag));
    Optional.ofNullable(lastModified).ifPresent(time -> headers.set("If-Modified-Since", time));
    return fetch(url, headers).thenApply(found -> reading(format, found));
  }

  /** A document that an index names; fails with {@link Unreadable}. */
  CompletableFuture<byte[]> document(String url) {
    return fetch(url, accepting("application/json")).thenApply(FeedReader::body);
  }

  private static MultiMap accepting(String types) {
    return HttpHeaders.headers().set("Accept", types);
  }

  private CompletableFuture<Found> fetch(String url, MultiMap headers) {
    Promise<Void> end = Promise.promise();
    return get(URI.create(url), headers, 0, end.future())
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(settings.timeLimit().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              end.complete();
              throw unreadable(failure);
            });
  }

  /** From an address that was looked at; each that it leads to is looked at, too. */
  private Future<Found> get(URI address, MultiMap headers, int redirects, Future<Void> end) {
    String refusal = refusal(address);
    if (refusal != null) {
      return Future.failedFuture(
          new Unreadable(
              redirects == 0
                  ? "It is not read: " + refusal
                  : "It leads to %s: %s".formatted(address, refusal)));
    }
    return vertx
        .executeBlocking(() -> networks.addresses(address.getHost()), false)
        .compose(servers -> connect(address, headers, servers))
        .compose(
            request -> {
              end.onComplete(over -> request.reset());
              return request.send();
            })
        .compose(
            response -> {
              String location = response.getHeader("Location");
              if (!REDIRECTS.contains(response.statusCode()) || location == null) {
                return found(address, response);
              }
              response.exceptionHandler(gone -> {}); // what else it says is of no interest
              response.request().reset();
              return redirects == MOST_REDIRECTS
                  ? Future.failedFuture(
                      new Unreadable("It redirects more than %d times.".formatted(redirects)))
                  : get(next(address, location), headers, redirects + 1, end);
            });
  }

  /** To the first of {@code servers} that takes a connection, whatever its name leads to now. */
  private Future<HttpClientRequest> connect(
      URI address, MultiMap headers, List<InetAddress> servers) {
    boolean isSecure = "https".equals(address.getScheme());
    int port = address.getPort() >= 0 ? address.getPort() : isSecure ? 443 : 80;
    RequestOptions request =
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(port, servers.get(0).getHostAddress()))
            .setHost(address.getHost())
            .setPort(port)
            .setSsl(isSecure)
            .setURI(target(address))
            .setHeaders(headers)
            .setConnectTimeout(settings.timeLimit().dividedBy(servers.size()).toMillis());
    Future<HttpClientRequest> connection = client.request(request);
    return servers.size() == 1
        ? connection
        : connection.recover(
            failure -> connect(address, headers, servers.subList(1, servers.size())));
  }

  private static String target(URI address) {
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    return (path.isEmpty() ? "/" : path) + query;
  }

  private static URI next(URI from, String location) {
    try {
      return from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new Unreadable("It leads to what is no address: " + location);
    }
  }

  /** Given up when it passes the limit, whatever length was announced. */
  private Future<Found> found(URI at, HttpClientResponse response) {
    Promise<Found> found = Promise.promise();
    long limit = settings.sizeLimit().asLongValue();
    Buffer body = Buffer.buffer();
    response
        .handler(
            part -> {
              if (body.length() + part.length() <= limit) {
                body.appendBuffer(part);
              } else if (found.tryFail(
                  new Unreadable("It is larger than " + limit + " bytes.", true))) {
                response.request().reset();
              }
            })
        .exceptionHandler(found::tryFail)
        .endHandler(
            end ->
                found.tryComplete(
                    new Found(at, response.statusCode(), response.headers(), body.getBytes())));
    return found.future();
  }

  private Unreadable unreadable(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof Unreadable unreadable) {
      return unreadable;
    }
    if (cause instanceof AllowedNetworks.Refused) {
      return new Unreadable("It is not read: " + cause.getMessage());
    }
    if (cause instanceof TimeoutException || cause instanceof ConnectTimeoutException) {
      return new Unreadable("It took longer than " + settings.timeLimit().toSeconds() + " s.");
    }
    Throwable first = cause;
    while (first.getCause() != null) {
      first = first.getCause(); // which says what is wrong with a certificate
    }
    return new Unreadable("It cannot be fetched: " + first);
  }

  private static Reading reading(FeedFormat format, Found found) {
    if (found.status() == 304) {
      return Reading.UNCHANGED;
    }
    byte[] body = body(found);
    return new Reading(
        true,
        true,
        format == FeedFormat.NEWS
            ? items(body, found.headers().get("Content-Type"))
            : AdvisoryIndex.read(body, found.at(), format),
        found.headers().get("ETag"),
        found.headers().get("Last-Modified"));
  }

  private static byte[] body(Found found) {
    if (found.status() != 200) {
      throw new Unreadable(
          "The server answered " + found.status() + ".", GONE.contains(found.status()));
    }
    return found.body();
  }

  private static List<Item> items(byte[] document, String contentType) {
    try (Reader xml = new StringReader(decoded(document, contentType))) {
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

  /** Every byte counts: what is in another encoding than it says would be read as other words. */
  private static String decoded(byte[] document, String contentType) throws IOException {
    String encoding = encoding(document, contentType);
    try {
      String text =
          Charset.forName(encoding).newDecoder().decode(ByteBuffer.wrap(document)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new Unreadable("It is not in " + encoding + ", the encoding that it says it has.");
    }
  }

  /** UTF-8 where neither the document nor its server says another one. */
  private static String encoding(byte[] document, String contentType) throws IOException {
    InputStream bytes = new ByteArrayInputStream(document);
    try (XmlReader xml =
        contentType == null
            ? new XmlReader(bytes)
            : new XmlReader(bytes, contentType, true, StandardCharsets.UTF_8.name())) {
      return xml.getEncoding();
    } catch (UnsupportedEncodingException e) {
      throw new Unreadable("It is in an encoding that is not known here: " + e.getMessage());
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
