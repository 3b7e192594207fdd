package io.vigie.console.task;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.AccessService;
import io.vigie.console.service.AssetService;
import io.vigie.console.service.AuditService;
import io.vigie.console.service.BackupService;
import io.vigie.console.service.IncidentService;
import io.vigie.console.service.Items;
import io.vigie.console.service.TaskService;
import io.vigie.console.service.TaskService.Task;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestHeader;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;

/** One list of what the five services say waits for somebody; each can be away. */
@Path("/tasks")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class TaskResource {

  /**
   * @param what people's words for what is to be done
   * @param kind of the object that it is about, and its {@code id}
   * @param page where it is done, or what it is about has its page; null for nowhere here
   * @param late whether it is past its date
   */
  record Waiting(
      String what, String kind, String id, String page, Instant since, Instant due, boolean late) {}

  /** What a service answered; null where it did not. */
  private record Answered(String service, List<Task> tasks) {}

  private record Told(String service, Task task) {}

  /**
   * @param tasks what is due first comes first, then what waits longest
   * @param more whether some service may have more than it was asked for
   * @param away the names of the services that did not answer
   */
  record TaskList(List<Waiting> tasks, boolean more, String away) implements TemplateInstance {}

  record Tasks(TaskList list) implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(TaskResource.class);

  private final Map<String, TaskService> services = new LinkedHashMap<>();
  private final TaskPages pages;
  private final Viewer viewer;
  private final Clock clock;

  TaskResource(
      @RestClient AssetService asset,
      @RestClient AccessService access,
      @RestClient IncidentService incident,
      @RestClient BackupService backup,
      @RestClient AuditService audit,
      TaskPages pages,
      Viewer viewer,
      Clock clock) {
    services.put("asset", asset);
    services.put("access", access);
    services.put("incident", incident);
    services.put("backup", backup);
    services.put("audit", audit);
    this.pages = pages;
    this.viewer = viewer;
    this.clock = clock;
  }

  /** The page; for a script, the list of it. */
  @GET
  public Uni<TemplateInstance> mine(@RestHeader("HX-Request") String script) {
    List<Uni<Answered>> asked = new ArrayList<>();
    services.forEach((name, service) -> asked.add(ask(name, service)));
    return Uni.join()
        .all(asked)
        .andFailFast()
        .map(this::merged)
        .map(list -> script == null ? new Tasks(list) : list);
  }

  private static Uni<Answered> ask(String name, TaskService service) {
    return service
        .tasks()
        .map(Items::items)
        .onFailure()
        .invoke(failure -> LOG.warnf("%s-service does not say what waits: %s", name, failure))
        .onFailure()
        .recoverWithNull()
        .map(tasks -> new Answered(name, tasks));
  }

  private TaskList merged(List<Answered> answers) {
    List<Told> tasks = new ArrayList<>();
    List<String> away = new ArrayList<>();
    boolean more = false;
    for (Answered answer : answers) {
      if (answer.tasks() == null) {
        away.add(answer.service());
      } else {
        answer.tasks().forEach(task -> tasks.add(new Told(answer.service(), task)));
        more |= answer.tasks().size() >= TaskService.MOST;
      }
    }
    tasks.sort(
        comparing((Told told) -> told.task().due(), nullsLast(naturalOrder()))
            .thenComparing(told -> told.task().since(), nullsLast(naturalOrder())));
    return new TaskList(tasks.stream().map(this::waiting).toList(), more, String.join(", ", away));
  }

  private Waiting waiting(Told told) {
    Task task = told.task();
    int slash = task.subject().indexOf('/');
    return new Waiting(
        TaskWords.of(task.kind(), viewer.language()),
        slash < 0 ? task.subject() : task.subject().substring(0, slash),
        task.subject().substring(slash + 1),
        pages.of(told.service(), task),
        task.since(),
        task.due(),
        task.due() != null && task.due().isBefore(clock.instant()));
  }
}
