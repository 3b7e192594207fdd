package io.vigie.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.restassured.response.Response;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Asks for each list that a running service declares in its OpenAPI to be sorted, in each order
 * that the service says it has: from either end, its first page and one behind that.
 */
public final class SortedLists {

  private static final Pattern FIELDS = Pattern.compile("must be one of ([A-Za-z., ]+)");

  private final List<String> wrong = new ArrayList<>();
  private int orders;

  private SortedLists() {}

  /** Checks the service under test; returns how many orders its lists have, of each field two. */
  public static int check() {
    SortedLists lists = new SortedLists();
    for (var path : ApiDescription.read().get("paths").properties()) {
      if (ApiDescription.hasParameter(path.getValue().path("get"), "sort")) {
        lists.checkOrders(path.getKey());
      }
    }
    assertEquals(List.of(), lists.wrong);
    return lists.orders;
  }

  private void checkOrders(String list) {
    String nonsense = list + "?sort=nonsense";
    Response refusal = get(nonsense);
    Matcher fields = FIELDS.matcher(refusal.asString());
    if (refusal.statusCode() != 400 || !fields.find()) {
      wrong.add(said(nonsense, refusal));
      return;
    }
    for (String field : fields.group(1).split(", ")) {
      checkOrder(list + "?sort=" + field);
      checkOrder(list + "?sort=-" + field);
    }
  }

  private void checkOrder(String sorted) {
    orders++;
    for (String page : List.of(sorted, sorted + "&after=" + UUID.randomUUID())) {
      Response answer = get(page);
      if (answer.statusCode() != 200) {
        wrong.add(said(page, answer));
      }
    }
  }

  private static Response get(String address) {
    return Rest.as(HostileRequests.TOKEN).get(address);
  }

  private static String said(String address, Response answer) {
    return address + ": " + answer.statusCode() + " " + answer.asString();
  }
}
