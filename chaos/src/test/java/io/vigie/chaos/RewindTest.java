package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a log may show after an older database was put back, and what it may not. */
class RewindTest {

  private static String note(long size, String root) {
    return "vigie.example/log\n" + size + "\n" + root + "\n\n— vigie.example/log c2ln\n";
  }

  private static boolean refuses(String checks) throws IOException {
    return Rewind.refuses(
        Api.JSON.readTree(("{'status':'DOWN','checks':[" + checks + "]}").replace('\'', '"')));
  }

  @Test
  void aLogRefusesThatIsNotWellAndSaysWhy() throws IOException {
    String other = "{'name':'mail','status':'DOWN','data':{'refusal':'none'}}";

    assertTrue(
        refuses(
            other
                + ",{'name':'log published','status':'DOWN','data':{'refusal':'it is shorter'}}"));
    assertFalse(refuses("{'name':'log published','status':'DOWN','data':{'failure':'refusal'}}"));
    assertFalse(refuses("{'name':'log published','status':'UP','data':{'size':7}}," + other));
    assertFalse(refuses(""));
  }

  @Test
  void aLogThatShowsWhatItHadSignedAndNothingElseStandsStill() {
    assertEquals(List.of(), Rewind.moves(note(7, "a"), List.of(note(7, "a"), note(7, "a"))));
    // It had signed one more before the database was taken from it.
    assertEquals(List.of(), Rewind.moves(note(7, "a"), List.of(note(8, "b"), note(8, "b"))));
  }

  @Test
  void aLogThatGrowsOnOrShowsAnotherRootIsFound() {
    assertEquals(
        1, Rewind.moves(note(7, "a"), List.of(note(7, "a"), note(7, "a"), note(8, "b"))).size());
    assertEquals(1, Rewind.moves(note(7, "a"), List.of(note(7, "a"), note(7, "b"))).size());
  }

  @Test
  void aLogThatGoesBackIsFound() {
    assertEquals(1, Rewind.moves(note(7, "a"), List.of(note(5, "c"), note(5, "c"))).size());
  }

  @Test
  void aLogThatStandsStillWhileNobodyWritesProvesNothing() {
    assertEquals(List.of(), Rewind.unwritten(1));
    assertEquals("none", Rewind.unwritten(0).get(0).found());
  }

  @Test
  void aLogThatDoesNotAnswerIsADifferenceAndNotTheEndOfTheRun(@TempDir Path folder)
      throws IOException {
    Path root = Path.of(System.getProperty("vigie.root"));
    // Nothing of it runs.
    try (Platform platform = new Platform(root, folder.resolve("state"), folder.resolve("cache"))) {
      Ledger ledger = new Ledger();
      Api api = new Api(platform.stack());
      Client client = new Client(api, ledger, new Timeline(), 7);

      List<Difference> found =
          new Rewind(platform, api, ledger).standing(note(7, "a"), client, walking -> {});

      assertEquals(
          List.of("answers who asks for what it had signed"),
          found.stream().map(Difference::expected).toList());
    }
  }
}
