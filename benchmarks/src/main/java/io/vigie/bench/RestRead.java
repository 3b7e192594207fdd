package io.vigie.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;

/**
 * Assets by their id, and pages of them by kind and use from any place on, as fast as sixteen
 * callers can; beside the same reads of the peer, out of as many assets.
 */
final class RestRead implements Benchmark {

  private static final int PAGE = 50;
  private static final String PLAIN = "entity without trail";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Random random = new Random();

  @Override
  public String name() {
    return "rest-read";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only("asset");
    try (Register service = Register.ofService(bed);
        Register plain = Register.plain(bed)) {
      long assets = service.growTo(bed.quick() ? 700 : 100_000);
      plain.growTo(bed.quick() ? 700 : assets); // the service may have many already
      List<Row> rows = new ArrayList<>();
      rows.addAll(rows("-id", bed, service, byId(service), plain, byId(plain)));
      Supplier<Load.Request> pages = pages(plain, "");
      rows.addAll(rows("-page", bed, service, pages(service, ""), plain, pages));
      rows.add(inParts(bed, plain, pages));
      return rows;
    }
  }

  private List<Row> rows(
      String name,
      Bed bed,
      Register service,
      Supplier<Load.Request> ours,
      Register plain,
      Supplier<Load.Request> theirs)
      throws Exception {
    Duration time = time(bed);
    Sides peak = new Sides(bed.rounds());
    Sides thrift = new Sides(bed.rounds());
    for (int i = 0; i < 2; i++) {
      service.signedIn().closed(ours, time);
      plain.signedIn().closed(theirs, time);
    }
    for (int round = 0; round < bed.rounds(); round++) {
      Register.Peak our = service.peak(ours, time);
      Register.Peak their = plain.peak(theirs, time);
      peak.set(round, our.perSecond(), their.perSecond());
      thrift.set(round, our.perProcessorSecond(), their.perProcessorSecond());
    }
    return List.of(
        peak.row(name() + name, "1/s", PLAIN, Goal.ratioAtLeast(0.9)),
        thrift
            .row(name() + name + "-thrift", "per s of processor", PLAIN, Goal.ratioAtLeast(0.9))
            .notJudged("the goal is for what callers see"));
  }

  /** Pages of the peer, where it reads each asset as the service does. */
  private Row inParts(Bed bed, Register plain, Supplier<Load.Request> pages) throws Exception {
    Duration time = time(bed);
    Supplier<Load.Request> inParts = pages(plain, "/in-parts");
    Sides peak = new Sides(bed.rounds());
    for (int i = 0; i < 2; i++) {
      plain.signedIn().closed(inParts, time);
    }
    for (int round = 0; round < bed.rounds(); round++) {
      double each = plain.peak(inParts, time).perSecond();
      peak.set(round, each, plain.peak(pages, time).perSecond());
    }
    return peak.row(
            name() + "-page-parts",
            "1/s, entity without trail, read as the service's",
            PLAIN,
            Goal.ratioAtLeast(0.9))
        .notJudged("what is left where an asset is read alike: a limit, not a goal");
  }

  private static Duration time(Bed bed) {
    return bed.quick() ? Duration.ofMillis(500) : Duration.ofSeconds(10);
  }

  private Supplier<Load.Request> byId(Register register) throws Exception {
    List<UUID> ids = register.someIds(10_000);
    return () -> Load.Request.get("/v1/assets/" + ids.get(random.nextInt(ids.size())));
  }

  /** From places so far from the end that each page is full. */
  private Supplier<Load.Request> pages(Register register, String path) throws Exception {
    List<UUID> ids = register.someIds(10_000);
    List<UUID> early = ids.stream().sorted().limit(ids.size() / 2).toList();
    Supplier<Load.Request> pages =
        () ->
            Load.Request.get(
                "/v1/assets%s?kind=SERVER&production=false&limit=%d&after=%s"
                    .formatted(path, PAGE, early.get(random.nextInt(early.size()))));
    register
        .signedIn()
        .open(pages, 100, Duration.ofSeconds(1), answer -> requireFull(answer.body().result()));
    return pages;
  }

  private static void requireFull(Buffer body) {
    try {
      JsonNode page = JSON.readTree(body.getBytes());
      int items = (page.isArray() ? page : page.path("items")).size();
      if (items != PAGE) {
        throw new IllegalStateException("a page has " + items + " assets");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
