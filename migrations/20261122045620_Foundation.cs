using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Portal.Migrations
{
    /// <inheritdoc />
    public partial class Foundation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "portal");

            migrationBuilder.EnsureSchema(
                name: "audit");

            migrationBuilder.CreateTable(
                name: "event",
                schema: "audit",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    kind = table.Column<string>(type: "text", nullable: false),
                    actor_id = table.Column<string>(type: "text", nullable: false),
                    actor_name = table.Column<string>(type: "text", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: true),
                    seq = table.Column<int>(type: "integer", nullable: true),
                    node = table.Column<string>(type: "text", nullable: false),
                    raw = table.Column<byte[]>(type: "bytea", nullable: false),
                    doc = table.Column<string>(type: "jsonb", nullable: false),
                    http_status = table.Column<int>(type: "integer", nullable: true, computedColumnSql: "(doc #>> '{facts,httpStatus}')::int", stored: true),
                    error_code = table.Column<string>(type: "text", nullable: true, computedColumnSql: "doc #>> '{facts,errorCode}'", stored: true),
                    jid = table.Column<string>(type: "text", nullable: true, computedColumnSql: "doc #>> '{facts,jid}'", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_event", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "key_ring",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    xml = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_key_ring", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "request",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:IdentitySequenceOptions", "'1001', '1', '', '', 'False', '1'")
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    requester_id = table.Column<string>(type: "text", nullable: false),
                    requester_name = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    payload = table.Column<string>(type: "jsonb", nullable: false),
                    payload_hash = table.Column<string>(type: "text", nullable: false),
                    approved_hash = table.Column<string>(type: "text", nullable: true),
                    policy = table.Column<string>(type: "text", nullable: false),
                    findings = table.Column<string>(type: "jsonb", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    submitted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    event_count = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_request", x => x.id);
                    table.UniqueConstraint("AK_request_id_requester_id", x => new { x.id, x.requester_id });
                });

            migrationBuilder.CreateTable(
                name: "decision",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    requester_id = table.Column<string>(type: "text", nullable: false),
                    decider_id = table.Column<string>(type: "text", nullable: false),
                    decider_name = table.Column<string>(type: "text", nullable: false),
                    verdict = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    comment = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    payload_hash = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_decision", x => x.id);
                    table.CheckConstraint("decision_not_by_requester", "decider_id <> requester_id");
                    table.ForeignKey(
                        name: "FK_decision_request_request_id_requester_id",
                        columns: x => new { x.request_id, x.requester_id },
                        principalSchema: "portal",
                        principalTable: "request",
                        principalColumns: new[] { "id", "requester_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "request_item",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    sent = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    proved = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    fence = table.Column<int>(type: "integer", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sends = table.Column<int>(type: "integer", nullable: false),
                    looks = table.Column<int>(type: "integer", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    deadline = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    conflicted = table.Column<bool>(type: "boolean", nullable: false),
                    http_status = table.Column<int>(type: "integer", nullable: true),
                    error_code = table.Column<string>(type: "text", nullable: true),
                    jid = table.Column<string>(type: "text", nullable: true),
                    note = table.Column<string>(type: "text", nullable: true),
                    baseline = table.Column<string>(type: "jsonb", nullable: true),
                    evidence = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_request_item", x => x.id);
                    table.ForeignKey(
                        name: "FK_request_item_request_request_id",
                        column: x => x.request_id,
                        principalSchema: "portal",
                        principalTable: "request",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sealed_login",
                schema: "portal",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sealed_login", x => x.request_id);
                    table.ForeignKey(
                        name: "FK_sealed_login_request_request_id",
                        column: x => x.request_id,
                        principalSchema: "portal",
                        principalTable: "request",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "attempt",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    item_id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    fence = table.Column<int>(type: "integer", nullable: false),
                    method = table.Column<string>(type: "text", nullable: false),
                    host = table.Column<string>(type: "text", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: true),
                    body_sha256 = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    result = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    http_status = table.Column<int>(type: "integer", nullable: true),
                    error_code = table.Column<string>(type: "text", nullable: true),
                    error_message = table.Column<string>(type: "text", nullable: true),
                    cloud_request_id = table.Column<string>(type: "text", nullable: true),
                    jid = table.Column<string>(type: "text", nullable: true),
                    response = table.Column<string>(type: "text", nullable: true),
                    duration_ms = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attempt", x => x.id);
                    table.ForeignKey(
                        name: "FK_attempt_request_item_item_id",
                        column: x => x.item_id,
                        principalSchema: "portal",
                        principalTable: "request_item",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_attempt_request_request_id",
                        column: x => x.request_id,
                        principalSchema: "portal",
                        principalTable: "request",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "attempt_item",
                schema: "portal",
                table: "attempt",
                columns: new[] { "item_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "attempt_jid",
                schema: "portal",
                table: "attempt",
                column: "jid",
                filter: "jid is not null");

            migrationBuilder.CreateIndex(
                name: "attempt_request",
                schema: "portal",
                table: "attempt",
                column: "request_id");

            migrationBuilder.CreateIndex(
                name: "decision_one_per_person",
                schema: "portal",
                table: "decision",
                columns: new[] { "request_id", "decider_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_decision_request_id_requester_id",
                schema: "portal",
                table: "decision",
                columns: new[] { "request_id", "requester_id" });

            migrationBuilder.CreateIndex(
                name: "event_actor",
                schema: "audit",
                table: "event",
                columns: new[] { "actor_id", "at" });

            migrationBuilder.CreateIndex(
                name: "event_at",
                schema: "audit",
                table: "event",
                columns: new[] { "at", "id" });

            migrationBuilder.CreateIndex(
                name: "event_http_status",
                schema: "audit",
                table: "event",
                columns: new[] { "http_status", "at" },
                filter: "http_status is not null");

            migrationBuilder.CreateIndex(
                name: "event_jid",
                schema: "audit",
                table: "event",
                column: "jid",
                filter: "jid is not null");

            migrationBuilder.CreateIndex(
                name: "event_kind",
                schema: "audit",
                table: "event",
                columns: new[] { "kind", "at" });

            migrationBuilder.CreateIndex(
                name: "event_request_order",
                schema: "audit",
                table: "event",
                columns: new[] { "request_id", "seq" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "request_number",
                schema: "portal",
                table: "request",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "request_open_twin",
                schema: "portal",
                table: "request",
                columns: new[] { "requester_id", "payload_hash" },
                unique: true,
                filter: "state = 'PendingApproval'");

            migrationBuilder.CreateIndex(
                name: "request_requester",
                schema: "portal",
                table: "request",
                columns: new[] { "requester_id", "submitted_at" });

            migrationBuilder.CreateIndex(
                name: "request_state",
                schema: "portal",
                table: "request",
                columns: new[] { "state", "submitted_at" });

            migrationBuilder.CreateIndex(
                name: "item_due",
                schema: "portal",
                table: "request_item",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "item_one_under_way",
                schema: "portal",
                table: "request_item",
                column: "target",
                unique: true,
                filter: "state in ('Sending', 'Observing') or (state = 'Unknown' and due_at is not null)");

            migrationBuilder.CreateIndex(
                name: "item_request",
                schema: "portal",
                table: "request_item",
                column: "request_id");

            migrationBuilder.Sql(Script.Read("audit-event.sql"));
            migrationBuilder.Sql(Script.Read("final-states.sql"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "attempt",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "decision",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "event",
                schema: "audit");

            migrationBuilder.DropTable(
                name: "key_ring",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "sealed_login",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "request_item",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "request",
                schema: "portal");
        }
    }
}
