package io.vigie.kernel.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SnapshotsTest {

  private record Thing(UUID id) implements Aggregate {
    @Override
    public String kind() {
      return "thing";
    }

    @Override
    public Journal journal() {
      return null;
    }

    @Override
    public Object state() {
      return null;
    }
  }

  @Test
  void manyThousandPagesFollowEachOther() {
    int pages = 50_000;
    List<UUID> behind = new ArrayList<>();

    List<UUID> last =
        Snapshots.pages(after -> page(behind, after, pages))
            .filter(page -> !page.isEmpty())
            .map(page -> page.get(page.size() - 1).id())
            .collect()
            .asList()
            .await()
            .atMost(Duration.ofMinutes(1));

    assertEquals(pages, last.size());
    assertEquals(null, behind.get(0));
    assertEquals(last, behind.subList(1, behind.size()));
  }

  private static Uni<List<? extends Aggregate>> page(List<UUID> behind, UUID after, int pages) {
    behind.add(after);
    return Uni.createFrom()
        .item(
            behind.size() > pages
                ? List.of()
                : List.of(new Thing(Ids.next()), new Thing(Ids.next())));
  }
}
