using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations
{
    /// <inheritdoc />
    public partial class Dispatching : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "item_due",
                schema: "portal",
                table: "request_item");

            migrationBuilder.RenameColumn(
                name: "conflicted",
                schema: "portal",
                table: "request_item",
                newName: "already_so");

            migrationBuilder.AddColumn<bool>(
                name: "maybe_twice",
                schema: "portal",
                table: "request_item",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "attribution",
                schema: "portal",
                table: "request_item",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "faults",
                schema: "portal",
                table: "request_item",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "lane",
                schema: "portal",
                table: "request_item",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "not_begun_since",
                schema: "portal",
                table: "request_item",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "operation",
                schema: "portal",
                table: "request_item",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "part",
                schema: "portal",
                table: "request_item",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "requester_id",
                schema: "portal",
                table: "request_item",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "turn",
                schema: "portal",
                table: "request_item",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "unknowns",
                schema: "portal",
                table: "request_item",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "approved_until",
                schema: "portal",
                table: "request",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "paired_with",
                schema: "portal",
                table: "request",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "lane",
                schema: "portal",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    paused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    paused_by = table.Column<string>(type: "text", nullable: true),
                    pause_reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    window_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    calls = table.Column<int>(type: "integer", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    open_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_lane", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "person",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    roles = table.Column<string[]>(type: "text[]", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_person", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rate_budget",
                schema: "portal",
                columns: table => new
                {
                    lane = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    operation = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    tokens = table.Column<double>(type: "double precision", nullable: false),
                    refilled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    retries = table.Column<double>(type: "double precision", nullable: false),
                    throttled_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rate_budget", x => new { x.lane, x.operation });
                });

            migrationBuilder.CreateTable(
                name: "settlement",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    item_id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    requester_id = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    note = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    actor_id = table.Column<string>(type: "text", nullable: false),
                    actor_name = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    second_id = table.Column<string>(type: "text", nullable: true),
                    second_name = table.Column<string>(type: "text", nullable: true),
                    second_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settlement", x => x.id);
                    table.CheckConstraint("settlement_not_by_requester", "actor_id <> requester_id and (second_id is null or second_id <> requester_id)");
                    table.CheckConstraint("settlement_two_people", "second_id is null or second_id <> actor_id");
                    table.ForeignKey(
                        name: "FK_settlement_request_item_item_id",
                        column: x => x.item_id,
                        principalSchema: "portal",
                        principalTable: "request_item",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_settlement_request_request_id_requester_id",
                        columns: x => new { x.request_id, x.requester_id },
                        principalSchema: "portal",
                        principalTable: "request",
                        principalColumns: new[] { "id", "requester_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "item_desk",
                schema: "portal",
                table: "request_item",
                column: "id",
                filter: "state = 'Parked' or (state = 'Unknown' and due_at is null)");

            migrationBuilder.CreateIndex(
                name: "item_look",
                schema: "portal",
                table: "request_item",
                column: "due_at",
                filter: "state in ('Sending', 'Observing', 'Unknown') and due_at is not null");

            migrationBuilder.CreateIndex(
                name: "item_queue",
                schema: "portal",
                table: "request_item",
                columns: new[] { "lane", "operation", "turn" },
                filter: "state = 'Queued'");

            migrationBuilder.CreateIndex(
                name: "item_turn",
                schema: "portal",
                table: "request_item",
                columns: new[] { "requester_id", "turn" },
                filter: "state = 'Queued'");

            migrationBuilder.CreateIndex(
                name: "request_approved_until",
                schema: "portal",
                table: "request",
                column: "approved_until",
                filter: "state = 'Approved'");

            migrationBuilder.CreateIndex(
                name: "request_pair",
                schema: "portal",
                table: "request",
                column: "paired_with",
                unique: true,
                filter: "paired_with is not null");

            migrationBuilder.CreateIndex(
                name: "IX_settlement_request_id_requester_id",
                schema: "portal",
                table: "settlement",
                columns: new[] { "request_id", "requester_id" });

            migrationBuilder.CreateIndex(
                name: "settlement_one_open",
                schema: "portal",
                table: "settlement",
                column: "item_id",
                unique: true,
                filter: "state = 'Proposed'");

            migrationBuilder.AddForeignKey(
                name: "FK_request_request_paired_with",
                schema: "portal",
                table: "request",
                column: "paired_with",
                principalSchema: "portal",
                principalTable: "request",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.Sql(Script.Read("dispatching.sql"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_request_request_paired_with",
                schema: "portal",
                table: "request");

            migrationBuilder.DropTable(
                name: "lane",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "person",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "rate_budget",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "settlement",
                schema: "portal");

            migrationBuilder.DropIndex(
                name: "item_desk",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropIndex(
                name: "item_look",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropIndex(
                name: "item_queue",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropIndex(
                name: "item_turn",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropIndex(
                name: "request_approved_until",
                schema: "portal",
                table: "request");

            migrationBuilder.DropIndex(
                name: "request_pair",
                schema: "portal",
                table: "request");

            migrationBuilder.DropColumn(
                name: "maybe_twice",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "attribution",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "faults",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "lane",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "not_begun_since",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "operation",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "part",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "requester_id",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "turn",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "unknowns",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "approved_until",
                schema: "portal",
                table: "request");

            migrationBuilder.DropColumn(
                name: "paired_with",
                schema: "portal",
                table: "request");

            migrationBuilder.RenameColumn(
                name: "already_so",
                schema: "portal",
                table: "request_item",
                newName: "conflicted");

            migrationBuilder.CreateIndex(
                name: "item_due",
                schema: "portal",
                table: "request_item",
                column: "due_at",
                filter: "due_at is not null");
        }
    }
}
